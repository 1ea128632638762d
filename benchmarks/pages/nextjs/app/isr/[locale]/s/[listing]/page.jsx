// Made when it is first asked for, kept as long as Agora keeps it, and made anew in the background.
export { ListingPage as default } from "../../../../../market/listing";

export const revalidate = 60;

export const generateStaticParams = () => [];

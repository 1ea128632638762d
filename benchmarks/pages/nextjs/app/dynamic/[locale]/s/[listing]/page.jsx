// Made for every request.
export { ListingPage as default } from "../../../../../market/listing";

export const dynamic = "force-dynamic";

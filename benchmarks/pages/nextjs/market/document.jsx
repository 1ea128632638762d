// The document around the page, with what every page of Agora has in its head.
import given from "../given.json";

export async function Document({ children, params }) {
  const { locale } = await params;
  return (
    <html lang={locale} dir={given.directions[locale]}>
      <head>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/icon-180.png" />
        {given.colours.map(([scheme, colour]) => (
          <meta key={scheme} name="theme-color" content={colour} media={`(prefers-color-scheme: ${scheme})`} />
        ))}
        <link rel="preload" as="style" href={given.stylesheet} />
        <link rel="stylesheet" type="text/css" href={given.stylesheet} />
      </head>
      <body>{children}</body>
    </html>
  );
}

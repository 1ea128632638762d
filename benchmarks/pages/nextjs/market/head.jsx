// What stands in the head; React puts these elements there.
import given from "../given.json";
import { inLocale, shortened } from "./words";

const addressOf = (path, locale) => `${given.origin}/${locale}${path}`;

export function Head({ market, row, card, locale, path, crumbs, paragraphs }) {
  const name = inLocale(market.name, locale, market.default_locale);
  const title = `${card.title} · ${card.provider}`;
  const whole = title.includes(name) ? title : `${title} · ${name}`;
  const description = described(paragraphs.join(" ") || card.title, card);
  const address = addressOf(path, locale);
  const things = [
    service({ row, card, address }),
    breadcrumbs(crumbs, address),
  ];
  return (
    <>
      <title>{whole}</title>
      <meta name="description" content={description} />
      <meta property="og:title" content={whole} />
      <meta property="og:description" content={description} />
      <meta property="og:url" content={address} />
      <meta property="og:type" content="product" />
      <meta property="og:site_name" content={name} />
      <link rel="manifest" href={`/manifest.webmanifest?locale=${locale}`} />
      <link rel="canonical" href={address} />
      {market.locales.map((code) => (
        <link key={code} rel="alternate" hrefLang={code} href={addressOf(path, code)} />
      ))}
      <link rel="alternate" hrefLang="x-default" href={addressOf(path, market.default_locale)} />
      <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: jsonLd(things) }} />
    </>
  );
}

function described(text, card) {
  if (text.length >= 60) return shortened(text, 155);
  const facts = [text, card.categoryName, card.provider, card.city, card.price];
  return shortened(facts.filter(Boolean).join(" · "), 155);
}

function service({ row, card, address }) {
  const offer = row.price_amount === null ? null : {
    "@type": "Offer",
    price: row.price_amount,
    priceCurrency: row.price_currency,
    url: address,
    priceSpecification: {
      "@type": "UnitPriceSpecification",
      price: row.price_amount,
      priceCurrency: row.price_currency,
      unitText: row.price_unit ?? "",
    },
  };
  const place = card.city ? { "@type": "PostalAddress", addressLocality: card.city } : null;
  const circle = row.lat !== null && row.lon !== null && row.radius_km;
  const area = circle ? {
    "@type": "GeoCircle",
    geoMidpoint: { "@type": "GeoCoordinates", latitude: row.lat, longitude: row.lon },
    geoRadius: Math.round(row.radius_km * 1000),
  } : card.city ? { "@type": "City", name: card.city } : null;
  return {
    "@type": "Service",
    name: card.title,
    description: inLocale(row.description, card.textLocale),
    serviceType: card.categoryName,
    url: address,
    availableChannel: row.languages.length
      ? { "@type": "ServiceChannel", availableLanguage: row.languages }
      : null,
    areaServed: area,
    offers: offer,
    provider: {
      "@type": "LocalBusiness",
      "@id": `${given.origin}${card.providerHref}#provider`,
      name: card.provider,
      url: given.origin + card.providerHref,
      address: place,
    },
  };
}

function breadcrumbs(crumbs, address) {
  return {
    "@type": "BreadcrumbList",
    itemListElement: crumbs.map((crumb, index) => ({
      "@type": "ListItem",
      position: index + 1,
      name: crumb.name,
      item: crumb.href ? given.origin + crumb.href : address,
    })),
  };
}

const empty = (value) => value === null || value === "" || (typeof value === "object" && !Object.keys(value).length);

const filled = (value) => {
  if (Array.isArray(value)) return value.map(filled);
  if (value === null || typeof value !== "object") return value;
  const pairs = Object.entries(value).map(([key, inner]) => [key, filled(inner)]);
  return Object.fromEntries(pairs.filter(([, inner]) => !empty(inner)));
};

const jsonLd = (things) =>
  JSON.stringify({ "@context": "https://schema.org", "@graph": things.map(filled) }).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"),
  );

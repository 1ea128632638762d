// What the page shows, read from Agora's own tables.
import { crc32 } from "node:zlib";
import given from "../given.json";
import { inMarket, one } from "./database";
import { inLocale, languages, money, shortened, translate } from "./words";

const FRESH_MS = 5000;
const COLUMNS = `l.id, l.slug, l.category, l.title, l.description, l.price_amount, l.price_currency,
  l.price_unit, l.city, l.city_names, l.lat, l.lon, l.radius_km, l.languages,
  p.name as provider, p.slug as provider_slug`;
const ON_SHOW = "l.state = 'published' and p.state = 'published'";

// Agora keeps a market's card for five seconds as well.
let known = null;

async function theMarket() {
  if (known && known.until > Date.now()) return known.market;
  const { id } = await one("select app.market_of_host($1) as id", [given.host]);
  const market = await inMarket(id, async (client) => {
    const { rows } = await client.query({
      name: "market",
      text: "select tenant_id, key, name, tagline, locales, default_locale, switched_off from market",
    });
    return rows[0];
  });
  known = { market, until: Date.now() + FRESH_MS };
  return market;
}

export async function readPage(locale, slug) {
  const market = await theMarket();
  if (!market.locales.includes(locale)) return null;
  return inMarket(market.tenant_id, async (client) => {
    const { rows: [row] } = await client.query({
      name: "listing",
      text: `select ${COLUMNS}, c.hidden, c.names from listing l join provider p on p.id = l.provider_id
        left join category_choice c on c.category = l.category where l.slug = $1 and ${ON_SHOW}`,
      values: [slug],
    });
    if (!row) return null;
    const { rows: others } = await client.query({
      name: "others",
      text: `select ${COLUMNS} from listing l join provider p on p.id = l.provider_id
        where l.category = $1 and l.slug <> $2 and ${ON_SHOW}
        order by (l.city is not distinct from $3) desc, md5(l.slug) limit 3`,
      values: [row.category, row.slug, row.city],
    });
    const kind = given.categories[row.category];
    const categoryName = row.names?.[locale] || kind.names[locale] || kind.names.en;
    return {
      market,
      row,
      card: cardOf(row, locale, kind, categoryName),
      categoryHref: row.hidden ? "" : `/${locale}/c/${kind.slug}`,
      others: others.map((other) => cardOf(other, locale, kind, categoryName)),
    };
  });
}

function cardOf(row, locale, kind, categoryName) {
  const textLocale = [locale, "en", ...Object.keys(row.title)].find((code) => row.title[code]) ?? locale;
  const number = crc32(row.slug);
  return {
    id: row.id,
    href: `/${locale}/s/${row.slug}`,
    title: inLocale(row.title, textLocale),
    summary: shortened(inLocale(row.description, textLocale), 160),
    categoryName,
    provider: row.provider,
    providerHref: `/${locale}/p/${row.provider_slug}`,
    price: row.price_amount === null ? "" : money(Number(row.price_amount), row.price_currency, locale),
    per: row.price_unit ? translate(locale, `per ${row.price_unit}`) : "",
    city: row.city_names[locale] || row.city || "",
    spoken: languages(row.languages, locale),
    textLocale,
    symbol: kind.symbol,
    hue: (kind.hue + (Math.floor(number / 6) % 33) - 16 + 360) % 360,
    pattern: number % 6,
  };
}

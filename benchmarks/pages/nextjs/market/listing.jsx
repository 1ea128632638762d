// A service in full, who offers it, and others like it: what components/pages/listing.py shows.
import { notFound } from "next/navigation";
import { Frame, Icon } from "./frame";
import { Head } from "./head";
import { readPage } from "./reading";
import { inLocale, languageName, translate } from "./words";

export async function ListingPage({ params }) {
  const { locale, listing } = await params;
  const page = await readPage(locale, listing);
  if (!page) notFound();
  const { market, row, card, others } = page;
  const _ = (message, told) => translate(locale, message, told);
  const path = `/s/${row.slug}`;
  const name = inLocale(market.name, locale, market.default_locale);
  const paragraphs = inLocale(row.description, card.textLocale).split("\n").filter((text) => text.trim());
  const crumbs = [
    { name, href: `/${locale}` },
    { name: card.categoryName, href: page.categoryHref },
    { name: card.title, href: "" },
  ];
  return (
    <>
      <Head {...{ market, row, card, locale, path, crumbs, paragraphs }} />
      <Frame {...{ market, locale, path, crumbs }}>
        <article className="wrap pt-2 sm:pt-4 grid gap-x-12 gap-y-6 lg:gap-y-8 items-start lg:grid-cols-[minmax(0,1fr)_21rem] lg:grid-rows-[auto_1fr]">
          <div className="min-w-0">
            <Tile card={card} size="h-28 sm:h-40 lg:h-56 rounded-lg overflow-hidden" />
            <h1 className="text-2xl mt-5 hyphens-auto" lang={card.textLocale}>{card.title}</h1>
            {card.textLocale !== locale && (
              <p className="flex items-center gap-2 text-sm text-muted mt-3">
                <Icon name="language" size="size-4" />
                {_("Written in: %(language)s", { language: languageName(card.textLocale, locale) })}
              </p>
            )}
          </div>
          <Facts {...{ market, row, card, locale, _ }} />
          <div className="min-w-0">
            <h2 className="text-xl">{_("About this service")}</h2>
            <div className="reading mt-3 max-w-prose" lang={card.textLocale}>
              {paragraphs.map((text, index) => <p key={index}>{text}</p>)}
            </div>
          </div>
        </article>
        {others.length > 0 && (
          <section className="wrap mt-14 md:mt-20">
            <div className="flex items-end justify-between gap-4 mb-5">
              <h2 className="text-xl">{_("Others like it")}</h2>
            </div>
            <ul className="grid gap-3 sm:gap-4 md:gap-5 sm:grid-cols-2 lg:grid-cols-3">
              {others.map((other) => <Card key={other.id} card={other} />)}
            </ul>
          </section>
        )}
      </Frame>
    </>
  );
}

function Tile({ card, size }) {
  return (
    <div className={`tile tile-${card.pattern} ${size}`} style={{ "--h": card.hue }} aria-hidden="true">
      <span className="seal size-14">
        <Icon name={card.symbol} size="size-8" />
      </span>
    </div>
  );
}

function Card({ card }) {
  return (
    <li className="card max-sm:flex-row!">
      <Tile card={card} size="w-16 sm:w-auto sm:h-28 flex-none" />
      <div className="flex flex-col gap-1 flex-1 min-w-0 p-4 pt-3">
        <p className="text-xs text-muted">{card.categoryName}</p>
        <h3 className="text-base leading-snug">
          <a href={card.href} className="over" lang={card.textLocale}>{card.title}</a>
        </h3>
        <p className="clamp text-sm text-muted" lang={card.textLocale}>{card.summary}</p>
        <div className="grid gap-0.5 mt-auto pt-2.5">
          <p className="text-sm leading-snug"><bdi>{card.provider}</bdi></p>
          <div className="flex flex-wrap items-baseline justify-between gap-x-3">
            {card.city && (
              <p className="flex items-center gap-1 text-sm text-muted">
                <Icon name="map-pin" size="size-4" />
                <bdi>{card.city}</bdi>
              </p>
            )}
            {card.price && (
              <p className="ms-auto text-end">
                <bdi className="font-semibold whitespace-nowrap">{card.price}</bdi>
                {" "}
                <span className="text-xs text-muted">{card.per}</span>
              </p>
            )}
          </div>
        </div>
      </div>
    </li>
  );
}

function Facts({ market, row, card, locale, _ }) {
  const question = _("I have a question about “%(title)s” by %(provider)s: ", {
    title: card.title,
    provider: card.provider,
  });
  return (
    <aside className="card p-5 md:p-6 lg:sticky lg:top-6 lg:col-start-2 lg:row-start-1 lg:row-span-2">
      {card.price ? (
        <p>
          <bdi className="text-2xl font-semibold">{card.price}</bdi>
          {" "}
          <span className="text-muted">{card.per}</span>
        </p>
      ) : (
        <p className="text-lg font-semibold">{_("Price on request")}</p>
      )}
      <dl className="grid gap-4 mt-5 empty:hidden">
        {card.city && (
          <Fact symbol="map-pin" name={_("Place")}>
            {card.city}
            {row.radius_km ? (
              <span className="block text-sm text-muted">
                {_("comes up to %(km)s km", { km: String(row.radius_km) })}
              </span>
            ) : null}
          </Fact>
        )}
        {card.spoken && <Fact symbol="language" name={_("Languages")}>{card.spoken}</Fact>}
      </dl>
      {!market.switched_off.includes("chat") && (
        <a href={`/${locale}/chat?q=${quoted(question)}`} className="btn w-full mt-6">
          <Icon name="sparkles" />
          {_("Ask about this")}
        </a>
      )}
      <button type="button" className="btn btn-quiet w-full mt-2">
        <Icon name="list-details" />
        {_("Keep on my shortlist")}
      </button>
      <p className="text-xs text-muted mt-2 text-center">
        {_("Maestro answers from this page and the market's help.")}
      </p>
      <a
        href={card.providerHref}
        className="flex items-center gap-3 mt-5 pt-4 pb-1 border-t border-line hover:text-brand-ink"
      >
        <span className="grid place-items-center size-12 flex-none rounded-full bg-brand-tint text-brand-ink">
          <Icon name="user" size="size-6" />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block text-xs text-muted">{_("Offered by")}</span>
          <span className="block font-semibold leading-snug"><bdi>{card.provider}</bdi></span>
        </span>
        <Icon name="chevron-right" size="size-5 icon-along text-muted" />
      </a>
      <a href={`/${locale}/reviews/${row.slug}`} rel="nofollow" className="nav -ms-3 text-sm text-muted">
        <Icon name="star" />
        {_("Write a review")}
      </a>
    </aside>
  );
}

function Fact({ symbol, name, children }) {
  return (
    <div className="flex gap-3">
      <Icon name={symbol} size="size-5 text-muted mt-0.5" />
      <div>
        <dt className="text-xs text-muted">{name}</dt>
        <dd>{children}</dd>
      </div>
    </div>
  );
}

// As Python's urllib quotes.
const quoted = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => "%" + sign.charCodeAt(0).toString(16).toUpperCase());

// The frame around the page: header, languages, way back, footer.
import given from "../given.json";
import { inLocale, translate } from "./words";

export function Icon({ name, size = "size-5" }) {
  return (
    <svg className={`icon ${size}`} aria-hidden="true">
      <use href={`/icons.svg#${name}`} />
    </svg>
  );
}

export function Frame({ market, locale, path, crumbs, children }) {
  const _ = (message) => translate(locale, message);
  const home = `/${locale}`;
  const name = inLocale(market.name, locale, market.default_locale);
  const has = (module) => !market.switched_off.includes(module);
  return (
    <div
      className="market bg-paper text-ink min-h-dvh flex flex-col"
      lang={locale}
      dir={given.directions[locale]}
      style={given.styles[market.key]}
    >
      <a href="#content" className="skip">{_("Skip to the content")}</a>
      <header className="border-b border-line bg-paper">
        <div className="wrap flex items-center gap-2 md:gap-4 h-16">
          <a href={home} className="nav -ms-3 font-semibold text-lg min-w-0">
            <Mark />
            <span className="truncate">{name}</span>
          </a>
          <div className="hidden md:block flex-1 max-w-lg mx-auto">
            {has("search") && <SearchBox home={home} label={_("Search for a service")} />}
          </div>
          <nav className="flex items-center gap-0.5 md:gap-1 ms-auto" aria-label={_("Main")}>
            {has("help") && (
              <a href={`${home}/help`} className="nav max-md:w-11 max-md:px-0 justify-center">
                <Icon name="help-circle" size="size-5 md:hidden" />
                <span className="max-md:sr-only">{_("Help")}</span>
              </a>
            )}
            <Languages market={market} locale={locale} path={path} label={_("Language")} />
            {has("chat") && (
              <a href={`${home}/chat`} className="btn max-md:w-11 max-md:px-0">
                <Icon name="message-circle" />
                <span className="max-md:sr-only">{_("Ask")}</span>
              </a>
            )}
          </nav>
        </div>
      </header>
      <main id="content" className="flex-1 flex flex-col" tabIndex={-1}>
        <nav aria-label={_("You are here")} className="wrap pt-4">
          <ol className="flex flex-wrap items-center gap-x-1 text-sm text-muted">
            {crumbs.map((crumb) => <Crumb key={crumb.name} {...crumb} />)}
          </ol>
        </nav>
        {children}
      </main>
      <footer className="border-t border-line bg-sunken mt-20">
        <div className="wrap flex flex-wrap justify-between gap-x-16 gap-y-8 py-10">
          <div>
            <p className="font-semibold">{name}</p>
            <p className="text-muted text-sm mt-1 max-w-sm">
              {inLocale(market.tagline, locale, market.default_locale)}
            </p>
          </div>
          <ul className="flex flex-wrap gap-x-6 text-sm">
            {has("chat") && <FooterLink href={`${home}/chat`} text={_("Ask Maestro")} />}
            {has("help") && <FooterLink href={`${home}/help`} text={_("Help")} />}
            <FooterLink href={`${home}/privacy`} text={_("Privacy")} />
            <FooterLink href={`${home}/signin`} text={_("Sign in")} />
            {has("signup") && <FooterLink href={`${home}/signup`} text={_("Sign up")} />}
          </ul>
        </div>
      </footer>
    </div>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-8 flex-none" aria-hidden="true">
      <rect width="32" height="32" rx="9" style={{ fill: "var(--brand)" }} />
      <path d="M16 6v10H6A10 10 0 0 1 16 6Z" style={{ fill: "var(--on-brand)" }} />
      <path d="M16 26V16h10a10 10 0 0 1-10 10Z" style={{ fill: "var(--on-brand)", fillOpacity: "0.7" }} />
    </svg>
  );
}

function SearchBox({ home, label }) {
  return (
    <form action={`${home}/search`} method="get" role="search">
      <div className="relative">
        <label htmlFor="q-header" className="sr-only">{label}</label>
        <Icon name="search" size="size-5 absolute top-1/2 -translate-y-1/2 text-muted start-4" />
        <input
          type="search"
          name="q"
          id="q-header"
          defaultValue=""
          placeholder={label}
          autoComplete="off"
          maxLength={300}
          enterKeyHint="search"
          className="field rounded-full! min-h-11 ps-11 py-2 text-sm"
        />
      </div>
    </form>
  );
}

function Languages({ market, locale, path, label }) {
  return (
    <details className="relative">
      <summary className="nav max-md:w-11 max-md:px-0 justify-center list-none [&::-webkit-details-marker]:hidden">
        <Icon name="world" />
        <span className="sr-only">{label}</span>
        <span className="uppercase text-sm max-md:sr-only">{locale}</span>
      </summary>
      <ul className="absolute end-0 top-full mt-1 z-30 min-w-44 p-1.5 rounded-md border border-line bg-surface shadow-lift">
        {market.locales.map((code) => (
          <li key={code}>
            <a
              href={`/${code}${path}`}
              lang={code}
              hrefLang={code}
              className={code === locale ? "nav flex font-semibold text-brand-ink" : "nav flex"}
              aria-current={code === locale ? "true" : undefined}
            >
              {given.own_names[code]}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Crumb({ name, href }) {
  return href ? (
    <li className="crumb flex items-center gap-1">
      <a href={href} className="inline-flex py-2.5 hover:underline">{name}</a>
      <Icon name="chevron-right" size="size-4 icon-along" />
    </li>
  ) : (
    <li className="max-sm:hidden flex items-center">
      <span className="py-2.5 text-ink" aria-current="page">{name}</span>
    </li>
  );
}

function FooterLink({ href, text }) {
  return (
    <li>
      <a href={href} className="inline-flex py-2.5 hover:underline">{text}</a>
    </li>
  );
}

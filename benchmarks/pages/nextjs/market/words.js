// Texts, money and languages as the reader's language writes them.
import given from "../given.json";

const formats = new Map();
const kept = (key, make) => {
  if (!formats.has(key)) formats.set(key, make());
  return formats.get(key);
};

export const translate = (locale, message, params = {}) =>
  (given.words[locale]?.[message] ?? message).replace(/%\((\w+)\)s/g, (_, name) => params[name]);

export const inLocale = (texts, ...locales) =>
  [...locales, "en"].map((code) => texts[code]).find(Boolean) ?? Object.values(texts).find(Boolean) ?? "";

export function money(amount, currency, locale) {
  const digits = Number.isInteger(amount) ? 0 : 2;
  const format = kept(`${locale}${currency}${digits}`, () => new Intl.NumberFormat(locale, {
    style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits,
  }));
  return format.format(amount);
}

export function languageName(code, locale) {
  return kept(`name${locale}`, () => new Intl.DisplayNames(locale, { type: "language" })).of(code);
}

export function languages(codes, locale) {
  const list = kept(`list${locale}`, () => new Intl.ListFormat(locale));
  return list.format(codes.map((code) => languageName(code, locale)));
}

export function shortened(text, limit) {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1);
  const space = cut.lastIndexOf(" ");
  return (space < 0 ? cut : cut.slice(0, space)).replace(/[,;:–. ]+$/, "") + "…";
}

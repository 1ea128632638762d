// The area of a service on a map of streets, once somebody opens it. Until then nobody is asked for
// anything. The map stands in a shadow tree, where neither React nor the page's styles reach it.
(() => {
  if (window.agoraStreets) return;
  window.agoraStreets = true;
  const STYLE = `
    :host { position: relative; }
    .map { position: absolute; inset: 0; font: inherit; background: var(--sunken); }
    .map:focus-visible { outline: 3px solid var(--brand-ink); outline-offset: -3px; }
    .map .leaflet-bar a { width: 44px; height: 44px; line-height: 44px; font-size: 22px; }
    .map .leaflet-bar a, .map .leaflet-control-attribution {
      background: var(--surface); color: var(--ink); border-color: var(--line); }
    .map .leaflet-control-attribution { padding: 2px 8px; font-size: 0.75rem; line-height: 1.6; }
    .map .leaflet-control-attribution a { color: var(--brand-ink); text-decoration: underline; }
    .said { margin: 0; padding: 1rem; color: var(--muted); }
    @media (prefers-color-scheme: dark) {
      .leaflet-tile-pane { filter: invert(1) hue-rotate(180deg) brightness(0.85) contrast(0.85); }
    }`;
  const made = (tag, told, text = "") => {
    const element = document.createElement(tag);
    Object.assign(element, told).append(text);
    return element;
  };
  const loaded = (element, place) =>
    new Promise((done, failed) => {
      element.onload = done;
      element.onerror = failed;
      place.append(element);
    });
  const credit = (told) => {
    // Leaflet takes HTML, so what the operator wrote goes through an element.
    const said = told.creditUrl
      ? made("a", { href: told.creditUrl, target: "_blank", rel: "noopener" }, told.credit)
      : made("span", {}, told.credit);
    return said.outerHTML;
  };
  const draw = (box, told, L) => {
    const styles = getComputedStyle(box);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = L.map(box, {
      zoomControl: false, attributionControl: false, scrollWheelZoom: false, maxZoom: told.zoom,
      zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm,
    });
    L.control.attribution({ prefix: false, position: "bottomright" }).addTo(map);
    L.control.zoom({ zoomInTitle: told.closer, zoomOutTitle: told.farther }).addTo(map);
    // Where the place is a town and no circle, the ring is only as exact as what is known of it.
    const ring = L.circle(told.at, {
      radius: told.metres || 2500, interactive: false, weight: 2, fillOpacity: 0.12,
      color: styles.getPropertyValue("--brand").trim(), dashArray: told.metres ? null : "4 6",
    });
    map.fitBounds(ring.getBounds ? L.latLng(told.at).toBounds(2.2 * (told.metres || 5000)) : []);
    ring.addTo(map);
    return { map, tiles: L.tileLayer(told.tiles, { maxZoom: told.zoom, attribution: credit(told) }) };
  };
  const open = async (details) => {
    const host = details.querySelector?.(":scope > [data-streets]");
    if (!host || !details.open || host.shadowRoot) return;
    const told = JSON.parse(host.dataset.streets);
    const root = host.attachShadow({ mode: "open" });
    const said = made("p", { className: "said" }, told.failed);
    said.setAttribute("role", "status");
    try {
      const sheet = made("link", { rel: "stylesheet", href: told.sheet });
      await Promise.all([
        loaded(sheet, root),
        window.L ?? loaded(made("script", { src: told.script }), document.head),
      ]);
    } catch {
      return root.replaceChildren(said);
    }
    // Leaflet counts from the left, whatever the page does.
    const box = made("div", { className: "map", dir: "ltr" });
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", told.name);
    root.append(made("style", {}, STYLE), box);
    const { map, tiles } = draw(box, told, window.L);
    let came = false;
    tiles.on("tileload", () => (came = true));
    tiles.on("tileerror", () => {
      if (came || !box.isConnected) return;
      map.remove();
      root.replaceChildren(made("style", {}, STYLE), said);
    });
    tiles.addTo(map);
  };
  addEventListener("toggle", (event) => open(event.target), true);
  for (const host of document.querySelectorAll("[data-streets]")) open(host.parentElement);
})();

// What a server-rendered page knows in the browser and in the renderer: the state
// its HTML was made from, and whether it waits with the socket for the first event.
import { createContext, useContext } from "react";

// The renderer gives each request its own page; in a browser this stays null.
export const PageContext = createContext(null);

const readPage = () => {
  if (typeof document === "undefined") return null;
  const element = document.getElementById("server-page");
  return element ? JSON.parse(element.textContent) : null;
};

const page = readPage();

export const lazySocket = page?.lazy ?? false;

const merge = (initial, differences) => {
  const merged = { ...initial };
  for (const name in differences) {
    if (name in merged) merged[name] = { ...merged[name], ...differences[name] };
  }
  return merged;
};

// In the renderer: one immutable store per request.
export function useServerStore(initialState) {
  const current = useContext(PageContext) ?? {};
  const state = (current.merged ??= merge(initialState, current.state));
  return { dispatchers: {}, getSnapshot: (name) => state[name], subscribe: () => () => {} };
}

// In the browser the store starts with the state that the HTML shows. Until the
// backend says `is_hydrated`, deltas are only collected (over the compiled defaults,
// because the first hydrate leaves those out) and then applied at once, so that
// defaults never replace what the visitor reads.
export function clientStore(create, initialState) {
  if (!page) return create(initialState);
  const store = create(merge(initialState, page.state));
  const apply = { ...store.dispatchers };
  let pending = merge(initialState, {});
  for (const name in pending) pending[name] = { ...pending[name] };
  let timer;
  const flush = () => {
    if (!pending) return;
    clearTimeout(timer);
    const collected = pending;
    pending = null;
    Object.assign(store.dispatchers, apply);
    for (const name in collected) apply[name](collected[name]);
  };
  for (const name in apply) {
    store.dispatchers[name] = (delta) => {
      if (!pending) return apply[name](delta);
      // A handler that streams while the page loads must not be held back for ever.
      timer ??= setTimeout(flush, 10000);
      Object.assign(pending[name], delta);
      if (delta.is_hydrated_rx_state_ === true) queueMicrotask(flush);
    };
  }
  return store;
}

// Tells the waking script, where the page has one, that handlers are attached.
export function announceHydrated() {
  window.__serverPageHydrated?.();
}

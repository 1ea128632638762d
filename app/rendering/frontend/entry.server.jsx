// Renders one page to a whole HTML document; the renderer process hands in the page.
import { PassThrough } from "node:stream";
import { createElement } from "react";
import { renderToPipeableStream } from "react-dom/server.node";
import { ServerRouter, createContext, createRequestHandler, RouterContextProvider } from "react-router";
import { PageContext } from "$/utils/page";

export { createRequestHandler, RouterContextProvider };
export const pageKey = createContext(null);

const WAKE = __WAKE_SCRIPT__;
// A script marked data-now is a page's own and small: it runs before the page wakes.
const EXECUTABLE = /<script(?![^>]*(?:\btype="(?:application|text)\/|\bdata-now))([^>]*)>/g;
const PRELOAD = /<link rel="modulepreload"[^>]*>/g;

// Reflex writes some meta elements whether there is something to say or not.
const EMPTY_META = /<meta(?=[^>]*\bcontent="")[^>]*>/g;

const inline = (value) =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));

// React Router's scripts stay where hydration looks for them, but the browser does not run them.
const asleep = (html) =>
  html.replace(PRELOAD, "").replace(EXECUTABLE, (_, attributes) =>
    `<script type="text/plain" data-wake="${/type="module"/.test(attributes) ? "module" : ""}">`);

const withoutScripts = (html) =>
  html.replace(PRELOAD, "").replace(/<script(?![^>]*\btype="application\/)[^>]*>[^]*?<\/script>/g, "");

function finish(rendered, page) {
  const html = rendered.replace(EMPTY_META, "");
  if (page.hydrate === "none") return withoutScripts(html);
  const interaction = page.hydrate === "interaction";
  const state = `<script type="application/json" id="server-page">${inline({ state: page.state, lazy: interaction })}</script>`;
  // It also keeps what is clicked before handlers are there, which on a page that wakes at once takes a moment.
  const body = (interaction ? asleep(html) : html).replace("</body>", () => `<script>${WAKE}</script></body>`);
  return body.replace("</head>", () => state + "</head>");
}

// Failures travel in the answer; the renderer's own output stays quiet.
export function handleError(error, { context }) {
  const page = context?.get?.(pageKey);
  if (page) page.failure ??= error;
  else console.error(error);
}

export default function handleRequest(request, status, headers, routerContext, loadContext) {
  // The development server has no page to hand in: it renders the compiled defaults.
  const page = loadContext?.get?.(pageKey) ?? null;
  return new Promise((resolve, reject) => {
    const { pipe } = renderToPipeableStream(
      createElement(PageContext.Provider, { value: page },
        createElement(ServerRouter, { context: routerContext, url: request.url })),
      {
        onAllReady() {
          const chunks = [];
          const sink = new PassThrough();
          sink.on("data", (chunk) => chunks.push(chunk));
          sink.on("end", () => {
            const html = Buffer.concat(chunks).toString("utf8");
            headers.set("Content-Type", "text/html; charset=utf-8");
            if (!page || page.failure) return resolve(new Response(html, { status, headers }));
            page.html = finish(html, page);
            resolve(new Response(null, { status, headers }));
          });
          pipe(sink);
        },
        onShellError: reject,
        onError(error) {
          if (page) page.failure ??= error;
          else console.error(error);
        },
      });
  });
}

// The renderer process: frames in on stdin, frames out on stdout, nothing else.
//   in : u32 length, u32 id, JSON {url, page: {hydrate, state}}
//   out: u32 length, u32 id, u16 outcome (200 rendered, 500 failed), HTML or the error text
import { pathToFileURL } from "node:url";

const write = process.stdout.write.bind(process.stdout);
for (const level of ["log", "info", "debug"]) console[level] = console.error;

const build = await import(pathToFileURL(process.argv[2]).href);
const { createRequestHandler, RouterContextProvider, pageKey } = build.entry.module;
const handle = createRequestHandler(build, "production");

const send = (id, outcome, text) => {
  const body = Buffer.from(text, "utf8");
  const head = Buffer.allocUnsafe(10);
  head.writeUInt32BE(body.length + 6, 0);
  head.writeUInt32BE(id, 4);
  head.writeUInt16BE(outcome, 8);
  write(Buffer.concat([head, body]));
};

async function render(id, text) {
  try {
    const { url, page } = JSON.parse(text);
    const context = new RouterContextProvider();
    context.set(pageKey, page);
    const response = await handle(new Request(url), context);
    if (page.failure) throw page.failure;
    if (page.html === undefined) throw new Error(`no page came back, status ${response.status}: ${await response.text()}`);
    send(id, 200, page.html);
  } catch (error) {
    send(id, 500, String(error?.stack ?? error));
  }
}

// A heap that grew under load is only given back by a full collection, and Node sees no reason for
// one where nothing is asked. `gc` is there by --expose-gc.
const QUIET_MS = 5000;
let quiet;
const collectWhenQuiet = () => {
  clearTimeout(quiet);
  quiet = setTimeout(() => globalThis.gc?.(), QUIET_MS).unref();
};

let buffer = Buffer.alloc(0);
process.stdin.on("data", (chunk) => {
  collectWhenQuiet();
  buffer = buffer.length ? Buffer.concat([buffer, chunk]) : chunk;
  while (buffer.length >= 4) {
    const length = buffer.readUInt32BE(0);
    if (buffer.length < 4 + length) break;
    render(buffer.readUInt32BE(4), buffer.toString("utf8", 8, 4 + length));
    buffer = buffer.subarray(4 + length);
  }
});
process.stdin.on("end", () => process.exit(0)); // the parent is gone
send(0, 200, "ready");

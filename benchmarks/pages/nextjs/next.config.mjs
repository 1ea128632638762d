/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  // The head stands in the head for every reader, as it does on the page that this one is beside.
  htmlLimitedBots: /.*/,
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
};

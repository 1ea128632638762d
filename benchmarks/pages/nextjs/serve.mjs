// Serves the build by as many processes as PROCESSES says, which share PORT: Node's own cluster, with
// Next's own server in each. Ends with its parent's signal.
import cluster from "node:cluster";
import path from "node:path";

const count = Number(process.env.PROCESSES ?? 1);
cluster.setupPrimary({
  exec: path.join(import.meta.dirname, "node_modules/next/dist/bin/next"),
  args: ["start", import.meta.dirname, "--hostname", "127.0.0.1", "--port", process.env.PORT ?? "3000"],
});
let ending = false;
const end = () => {
  ending = true;
  for (const worker of Object.values(cluster.workers)) worker.process.kill("SIGTERM");
};
process.on("SIGINT", end);
process.on("SIGTERM", end);
cluster.on("exit", (_worker, code) => {
  if (!ending) {
    process.exitCode = code || 1;
    end();
  }
});
for (let number = 0; number < count; number += 1) cluster.fork();

"""The process that llama.cpp runs in: `python -m app.inference.llama`, started by `local`.

It reads what to serve from its first line of input, says `ready` once it does, and ends when its
input ends, so that it never outlives whoever started it.
"""

import importlib
import json
import sys
from typing import Any


def main() -> None:
    """Serve until the input ends."""
    xllamacpp: Any = importlib.import_module("xllamacpp")
    told: dict[str, Any] = json.loads(sys.stdin.readline())
    params: Any = xllamacpp.CommonParams()
    params.model.path = told["path"]
    params.n_ctx = told["context"]
    params.hostnames = ["127.0.0.1"]
    params.port = told["port"]
    params.api_keys = [told["key"]]
    params.ui = False
    params.n_parallel = 1
    params.verbosity = 0
    params.use_jinja = True
    params.cpuparams.n_threads = told["threads"]
    params.cpuparams_batch.n_threads = told["threads"]
    serving: Any = xllamacpp.Server(params)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    del serving


if __name__ == "__main__":
    main()

"""The process that reckons: a line of JSON in, a line of JSON out, and an end when nobody asks.

    python -m app.analytics.statistics.child IDLE_SECONDS

It knows no market and no database. It ends with the process that started it, whose end closes
its input, and after so many seconds without a question.
"""

import json
import os
import select
import sys
import warnings
from collections.abc import Callable
from typing import Any

# One question at a time, beside a server that answers people: one processor is enough.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

from app.analytics.statistics import forecasting, grouping, outlying, testing

ANSWERS: dict[str, Callable[..., Any]] = {
    "forecast": forecasting.forecast,
    "unusual": outlying.unusual,
    "proportions": testing.proportions,
    "tests": testing.tests,
    "topics": grouping.topics,
}
"""What can be asked for, by its name."""


def main() -> None:
    """Answer until the input ends or nothing was asked for long enough."""
    # What an optimiser has to say of itself would stand in the server's log.
    warnings.simplefilter("ignore")
    idle = float(sys.argv[1])
    while select.select([sys.stdin], [], [], idle)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        asked = json.loads(line)
        try:
            told = {"answer": ANSWERS[asked["ask"]](**asked["with"])}
        except Exception as error:
            told = {"problem": f"{type(error).__name__}: {error}"[:500]}
        sys.stdout.write(json.dumps(told, allow_nan=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""How many claims that a source supports are shown, and how many that it does not.

python -m tests.evals.claims.run [--show]
"""

import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path

from app.search.embeddings import sentence_embedder
from app.trust.support import Source, Support


@dataclass
class Figures:
    """Claims by what they are: `+` supported, `-` not, `~` turned around."""

    all: dict[str, int] = field(default_factory=lambda: dict.fromkeys("+-~", 0))
    shown: dict[str, int] = field(default_factory=lambda: dict.fromkeys("+-~", 0))
    wrong: list[str] = field(default_factory=list[str])

    def share(self, kind: str) -> float:
        """The share of a kind that is shown."""
        return self.shown[kind] / self.all[kind]


async def measured(name: str) -> Figures:
    """The figures of a file beside this one."""
    told = Figures()
    support: Support | None = None
    for line in (Path(__file__).parent / f"{name}.txt").read_text("utf-8").splitlines():
        kind, _, said = line.partition(" ")
        if kind == "=":
            _, title, text = (part.strip() for part in said.split("|"))
            support = Support({1: Source(title, (), text)}, "Market", sentence_embedder())
        elif kind in told.all and support is not None:
            claim = said.partition(" ")[2]
            holds = await support.holds(claim, frozenset({1}))
            told.all[kind] += 1
            told.shown[kind] += holds
            if holds is not (kind == "+"):
                told.wrong.append(f"{kind} {claim}")
    return told


def main() -> None:
    """Print the figures."""
    for name in ("tuned", "unseen"):
        told = asyncio.run(measured(name))
        print(name, *(f"{kind} {told.shown[kind]}/{told.all[kind]} shown" for kind in told.all))
        if "--show" in sys.argv:
            print(*(f"  {one}" for one in told.wrong), sep="\n")


if __name__ == "__main__":
    main()

"""What was tried, by kind, and what got through."""

from collections import Counter
from dataclasses import dataclass, field


class Noticed(Exception):
    """A hasty ledger was told of something that is not as it should be."""


@dataclass
class Ledger:
    """Counts probes and controls; a probe that gets through is kept with its words."""

    probes: Counter[str] = field(default_factory=Counter[str])
    controls: Counter[str] = field(default_factory=Counter[str])
    through: list[str] = field(default_factory=list[str])
    hasty: bool = False
    """Whether to raise `Noticed` at once, for who asks only whether anything is noticed."""

    blind: list[str] = field(default_factory=list[str])
    """Controls that failed: where their own people got nothing, our probe proves nothing."""

    def probe(self, kind: str, got_through: bool, words: str) -> None:
        """Note one attempt of ours to get at theirs."""
        self.probes[kind] += 1
        if got_through:
            self.through.append(f"{kind}: {words}")
            self._hurry()

    def control(self, kind: str, got_it: bool, words: str) -> None:
        """Note one attempt of theirs to get at what is their own."""
        self.controls[kind] += 1
        if not got_it:
            self.blind.append(f"{kind}: {words}")
            self._hurry()

    def _hurry(self) -> None:
        if self.hasty:
            raise Noticed

    @property
    def noticed(self) -> bool:
        """Whether anything is not as it should be."""
        return bool(self.through or self.blind)

    def table(self) -> str:
        """The counts as lines of text."""
        lines = [f"{'kind':<12}{'probes':>8}{'through':>9}{'controls':>10}"]
        for kind in sorted(self.probes):
            got = sum(1 for words in self.through if words.startswith(f"{kind}:"))
            lines.append(f"{kind:<12}{self.probes[kind]:>8}{got:>9}{self.controls[kind]:>10}")
        total = sum(self.probes.values()), len(self.through), sum(self.controls.values())
        lines.append(f"{'all':<12}{total[0]:>8}{total[1]:>9}{total[2]:>10}")
        return "\n".join(lines)

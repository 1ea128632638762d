"""A reply while it is being said, and what the log keeps of it."""

import dataclasses
import time
from decimal import Decimal
from typing import Any

from agents.base import Block, Citation, Route
from agents.events import Slotted
from agents.slots.keeping import dumped
from app.conversations import traces
from app.conversations.traces import Trace
from app.inference.model import Credit


@dataclasses.dataclass
class Draft:
    """A reply as far as it has been said."""

    text: str = ""
    citations: tuple[Citation, ...] = ()
    agent: str = "maestro"
    model: str = ""
    ending: str = "done"
    route: Route | None = None
    credit: Credit | None = None
    blocks: tuple[Block, ...] = ()
    slots: Slotted | None = None
    trace: Trace | None = None
    began: float = dataclasses.field(default_factory=time.monotonic)
    voided: int = 0
    """Characters that were said and taken back, with one more for each time."""

    def told(self, asked: int) -> dict[str, Any]:
        """The payload of its entry in the log, as the answer to message number `asked`."""
        return {
            "text": self.text,
            "citations": [dataclasses.asdict(citation) for citation in self.citations],
            "agent": self.agent,
            "model": self.model,
            "asked": asked,
            "ending": self.ending,
            "voided": self.voided,
            **_credited(self.credit),
            **_beside(self),
        }


def _beside(draft: Draft) -> dict[str, Any]:
    """What a reply has beside its text, where there is some of it."""
    told: dict[str, Any] = {}
    if draft.blocks:
        told["blocks"] = [dataclasses.asdict(block) for block in draft.blocks]
    if draft.slots is not None:
        asked = [{"kind": kind, "value": None} for kind in draft.slots.asks]
        told["slots"] = [*dumped(draft.slots.slots), *asked]
    if draft.trace is not None:
        credit = draft.credit or Credit(draft.model)
        whole = dataclasses.replace(
            draft.trace,
            model=draft.model,
            tried=credit.tried,
            tokens_in=credit.tokens_in,
            tokens_out=credit.tokens_out,
            money=Decimal(credit.money),
            currency=credit.currency,
            first_token=credit.first_token,
            took=round(time.monotonic() - draft.began, 4),
            ending=draft.ending,
        )
        told["trace"] = traces.dumped(whole)
    return told


def _credited(credit: Credit | None) -> dict[str, Any]:
    """Who else was asked and what the answer took, where a chain of models wrote it."""
    if credit is None:
        return {}
    told = dataclasses.asdict(credit)
    del told["model"]
    return {"credit": told | {"tried": list(credit.tried)}}

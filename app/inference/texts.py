"""The composer's proposals and marketing texts: what the evidence says, in the usual order.

As everywhere, the composer praises and promises nothing that is not written in its evidence.
"""

from collections.abc import Sequence

from app.i18n import ntranslate, translate
from app.inference.model import Brief, Evidence
from app.inference.sentences import flat, sentences_of

LONG = 5
"""Sentences of what a marketing text is about, where it is not to be short."""
SHORT = 2
BESIDE = 6
"""What else a long marketing text names at most, such as the services of a provider."""


def proposal(brief: Brief, lines: str, remarks: Sequence[str]) -> list[str]:
    """The paragraphs of a proposal; `lines` name its services, `remarks` set them apart."""
    say = brief.locale
    event = next((found for found in brief.evidence if found.kind == "event"), None)
    count = sum(found.kind == "listing" for found in brief.evidence)
    if event is None:
        said = [translate(say, "This is a proposal of %(market)s.", market=brief.market)]
    else:
        said = [
            translate(
                say,
                "This is a proposal of %(market)s for “%(title)s” [%(number)s].",
                market=brief.market,
                title=flat(event.title),
                number=event.number,
            ),
            *_facts(event),
        ]
    head = ntranslate(say, "One service is proposed:", "%(count)s services are proposed:", count)
    said += [head, lines, *remarks]
    if brief.open:
        told = ", ".join(brief.open)
        said.append(translate(say, "Not decided yet: %(facts)s.", facts=told))
    said.append(
        translate(
            say,
            "The prices are those that the providers name. What it costs in this case, they say"
            " when they are asked for a quote.",
        )
    )
    return said


def marketing_text(brief: Brief) -> list[str]:
    """The paragraphs of a text that makes known what the first evidence is."""
    subject, *others = brief.evidence
    told = sentences_of(subject.text, brief.hosts)[: SHORT if brief.short else LONG]
    said = [f"{flat(subject.title)} [{subject.number}]"]
    if told:
        said.append(f"{' '.join(told)} [{subject.number}]")
    said += _facts(subject)
    if others and not brief.short:
        said.append(
            "\n".join(
                f"• {flat(found.title)} [{found.number}]"
                + (f" — {facts}" if (facts := flat(" · ".join(found.facts))) else "")
                for found in others[:BESIDE]
            )
        )
    return said


def _facts(found: Evidence) -> list[str]:
    told = flat(" · ".join(found.facts))
    return [f"{told} [{found.number}]"] if told else []

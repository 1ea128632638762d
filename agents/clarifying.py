"""Asking what is meant, where a message could mean several things."""

import dataclasses

from agents.base import Intent
from agents.intents import Reading
from agents.routing import SIMPLE
from app.i18n import N_, translate

DOUBT = 0.45
"""Below this, what would set several specialists to work is asked for first."""

OPTIONS = 3
BASIC: tuple[Intent, ...] = ("find_service", "question")
"""What everybody may mean who says little."""

LIKELY = 0.08
"""A share below which nobody means that."""

NAMES: dict[Intent, str] = {
    "find_service": N_("Find a service"),
    "create_plan": N_("Plan an event"),
    "track_plan": N_("See or change the tasks of a plan"),
    "manage_budget": N_("Look at a budget"),
    "optimize_pricing": N_("Advise on a price"),
    "analyze_conversion": N_("Analyse visits and bookings"),
    "track_mentions": N_("See what is said about you"),
    "write_text": N_("Write a text"),
    "overview": N_("See where things stand"),
    "question": N_("Answer a question about this market"),
    "chat": N_("Talk"),
    "out_of_scope": N_("Something else"),
}
"""What an intent is called where people choose or check."""


def doubtful(reading: Reading) -> bool:
    """Whether nobody should set to work before the person has said what they mean."""
    return reading.intent not in SIMPLE and reading.confidence[reading.intent] < DOUBT


def clarification(reading: Reading, locale: str) -> str:
    """The question, with what the message may have meant."""
    likely: list[Intent] = [
        intent
        for intent in reading.ranked
        if intent not in ("chat", "out_of_scope") and reading.confidence[intent] >= LIKELY
    ]
    options = likely[:OPTIONS] or list(BASIC)
    return "\n\n".join(
        (
            translate(locale, "I am not sure what you mean. Which of these is it?"),
            "\n".join(f"• {translate(locale, NAMES[intent])}" for intent in options),
            translate(locale, "Say it in a few more words and I will begin."),
        )
    )


def simply(reading: Reading) -> Reading:
    """The reading as a service or a question, unsure, so that what the market has decides."""
    confidence = dict.fromkeys(reading.confidence, 0.0)
    whole = sum(reading.confidence[intent] for intent in BASIC) or 1.0
    for intent in BASIC:
        confidence[intent] = 0.5 * reading.confidence[intent] / whole
    return dataclasses.replace(reading, confidence=confidence)

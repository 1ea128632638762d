"""Reading the slots of a message."""

from agents.slots.days import read_days
from agents.slots.durations import read_durations
from agents.slots.guests import read_guests
from agents.slots.line import Line
from agents.slots.money import read_money
from agents.slots.names import read_languages, read_places
from agents.slots.times import read_times
from agents.slots.values import Context, Slot


def read_slots(text: str, context: Context) -> tuple[Slot, ...]:
    """What `text` says, in the order of the text; nothing that it does not say.

    Each reader takes the tokens that it understood from those after it: "12 июня" is a date, so
    12 is not a number of guests. Only the first 8,000 characters are read.
    """
    line = Line(text, context.locale.partition("-")[0])
    for at in range(len(line)):
        if found := line.match("void", at):
            line.claim(at, found[1])
    slots = [
        *read_languages(line),
        *read_places(line, context),
        *read_days(line, context),
        *read_times(line),
        *read_durations(line),
        *read_guests(line),
        *read_money(line, context.currency),
    ]
    return tuple(sorted(slots, key=lambda slot: (slot.start, slot.end, -slot.confidence)))

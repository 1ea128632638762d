"""Examples for training, all with an answer of one kind, so that there is something to learn."""

from app.training.examples import Example

WORK = ("tap", "roof", "door", "lamp", "wall", "floor", "fence", "stove")


def examples(count: int = 40, held_out: int = 8) -> list[Example]:
    """`count` of them, of which the first ones are held out."""
    return [
        Example(
            [
                {"role": "system", "content": "You are Maestro."},
                {
                    "role": "user",
                    "content": f"My {WORK[number % len(WORK)]} is broken, no. {number}.",
                },
                {
                    "role": "assistant",
                    "content": f"A master of the {WORK[number % len(WORK)]} is near you [1]. "
                    "It costs 40 euros an hour, and can come today.",
                },
            ],
            held_out=number < held_out,
        )
        for number in range(count)
    ]

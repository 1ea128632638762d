"""What chat models do, counted in this process: by agent and model, never by market or person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.inference.calling import Failure

BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, float("inf"))
"""Upper bounds of the latencies to the first token, in seconds."""

Labels = tuple[str, str]
"""Agent and model."""


@dataclass
class Counts:
    """Everything counted since the process began."""

    answers: Counter[Labels] = field(default_factory=Counter[Labels])
    tokens_in: Counter[Labels] = field(default_factory=Counter[Labels])
    tokens_out: Counter[Labels] = field(default_factory=Counter[Labels])
    fallbacks: Counter[Labels] = field(default_factory=Counter[Labels])
    """Times that another model had to answer instead of this one."""
    errors: Counter[tuple[str, str, str]] = field(default_factory=Counter[tuple[str, str, str]])
    """By agent, model and kind of failure."""
    first_token_seconds: Counter[Labels] = field(default_factory=Counter[Labels])
    first_token_buckets: Counter[tuple[str, str, float]] = field(
        default_factory=Counter[tuple[str, str, float]]
    )

    def answered(
        self, agent: str, model: str, first_token: float, tokens_in: int, tokens_out: int
    ) -> None:
        """Count an answer that was finished."""
        labels = (agent, model)
        self.answers[labels] += 1
        self.tokens_in[labels] += tokens_in
        self.tokens_out[labels] += tokens_out
        self.first_token_seconds[labels] += first_token  # pyright: ignore[reportArgumentType]
        bucket = next(bound for bound in BUCKETS if first_token <= bound)
        self.first_token_buckets[*labels, bucket] += 1

    def failed(self, agent: str, model: str, kind: Failure) -> None:
        """Count a model that did not answer."""
        self.errors[agent, model, kind] += 1
        self.fallbacks[agent, model] += 1

    def of_model(self, model: str) -> Mapping[str, int]:
        """What a model did for all agents together."""
        return {
            "answers": sum(n for (_, name), n in self.answers.items() if name == model),
            "tokens_in": sum(n for (_, name), n in self.tokens_in.items() if name == model),
            "tokens_out": sum(n for (_, name), n in self.tokens_out.items() if name == model),
            "errors": sum(n for (_, name, _), n in self.errors.items() if name == model),
        }


counts = Counts()
"""Those of this process."""

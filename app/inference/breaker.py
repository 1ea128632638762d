"""Leaving alone for a while what has failed: one circuit breaker per address of an endpoint."""

import time
from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 3
"""In a row, after which an address rests."""
REST_SECONDS = 15.0
LONGEST_REST = 300.0


@dataclass
class _Circuit:
    failures: int = 0
    rest: float = REST_SECONDS
    until: float = 0.0
    trying: bool = False


class Breaker:
    """Counts failures by key; keeps no more than what has failed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._circuits: dict[str, _Circuit] = {}

    def lets(self, key: str) -> bool:
        """Whether a call may begin. After a rest one may, and what comes of it decides."""
        circuit = self._circuits.get(key)
        if circuit is None or not circuit.until:
            return True
        if self._clock() < circuit.until or circuit.trying:
            return False
        circuit.trying = True
        return True

    def rests(self, key: str) -> bool:
        """Whether the address is being left alone; asks for nothing."""
        circuit = self._circuits.get(key)
        return circuit is not None and self._clock() < circuit.until

    def went_well(self, key: str) -> None:
        """Forget the failures of an address."""
        self._circuits.pop(key, None)

    def failed(self, key: str, *, rest: float = 0.0) -> None:
        """Count a failure; `rest` are seconds that the server itself asked for."""
        circuit = self._circuits.setdefault(key, _Circuit())
        circuit.failures += 1
        if rest:
            circuit.until = self._clock() + rest
        elif circuit.trying or circuit.failures >= FAILURES:
            circuit.until = self._clock() + circuit.rest
            circuit.rest = min(circuit.rest * 2, LONGEST_REST)
        circuit.trying = False

    def gave_up(self, key: str) -> None:
        """The call was ended by us: it says nothing, and another may try."""
        circuit = self._circuits.get(key)
        if circuit is not None:
            circuit.trying = False

    def forget(self) -> None:
        """Let everything be tried again."""
        self._circuits.clear()


breaker = Breaker()
"""That of this process."""

"""Which replica a conversation goes to: always the same one, as long as it works."""

from collections.abc import Sequence
from hashlib import blake2b


def in_order(urls: Sequence[str], sticky: str) -> list[str]:
    """The replicas, the conversation's own first (rendezvous hashing).

    When a replica is added or taken away, only its own conversations move: the others keep the
    caches that their replica has of them.
    """
    return sorted(urls, key=lambda url: blake2b(f"{sticky}\n{url}".encode()).digest())

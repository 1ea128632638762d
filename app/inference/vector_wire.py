"""Vectors in OpenAI's protocol, read from the wire: `POST /embeddings` and nothing else."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

import httpx2
import numpy as np
from numpy.typing import NDArray

from app.inference.calling import CallFailed, status_failure
from app.inference.targets import Target
from app.inference.transport import client
from app.outbound import AddressRefused

MOST_CLIENTS = 32
BYTES_A_NUMBER = 32
"""What a number takes in JSON at most; an answer that is longer is none of ours."""

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Any, httpx2.AsyncClient]] = (
    WeakKeyDictionary()
)


@dataclass(frozen=True)
class Answer:
    """Vectors as they came, one row per text; `tokens` is 0 where nobody counted them."""

    rows: NDArray[np.float32]
    tokens: int


async def vectors_at(target: Target, url: str, texts: Sequence[str], *, near: bool) -> Answer:
    """The texts' vectors, of length 1; raises `CallFailed`. `near` refuses public addresses."""
    body: dict[str, Any] = {
        "model": target.model,
        "input": list(texts),
        "encoding_format": "float",
    }
    if target.kind.cache_salt:
        # vLLM refuses a text that is too long unless it may cut it.
        body["truncate_prompt_tokens"] = -1
    headers = {"authorization": f"Bearer {target.secret}"} if target.secret else {}
    most = 65_536 + len(texts) * (target.dimensions * BYTES_A_NUMBER + 1024)
    try:
        http = _client(target, url, near=near)
        at = f"{url.rstrip('/')}/embeddings"
        async with http.stream("POST", at, json=body, headers=headers) as answer:
            if answer.status_code != 200:
                raise status_failure(answer.status_code, answer.headers)
            held = bytearray()
            async for piece in answer.aiter_bytes():
                held += piece
                if len(held) > most:
                    raise CallFailed("garbled")
    except AddressRefused as error:
        raise CallFailed("address") from error
    except (httpx2.HTTPError, OSError) as error:
        raise CallFailed("unreachable") from error
    return await asyncio.to_thread(_read, bytes(held), len(texts), target.dimensions)


def _read(held: bytes, count: int, dimensions: int) -> Answer:
    try:
        told = json.loads(held)
        found: dict[int, list[float]] = {
            int(one["index"]): one["embedding"] for one in told["data"]
        }
        rows = np.asarray([found[place] for place in range(count)], np.float32)
        usage: Any = told.get("usage") or {}
        tokens = usage.get("prompt_tokens", 0)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CallFailed("garbled") from error
    if rows.shape != (count, dimensions) or len(found) != count:
        raise CallFailed("dimensions" if rows.ndim == 2 else "garbled")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths < 1e-6).any():
        raise CallFailed("garbled")
    counted = tokens if isinstance(tokens, int) and tokens > 0 else 0
    return Answer(cast("NDArray[np.float32]", rows / lengths), counted)


def _client(target: Target, url: str, *, near: bool) -> httpx2.AsyncClient:
    held = _clients.setdefault(asyncio.get_running_loop(), {})
    authorities = target.told.get("ca", "")
    key = (target.endpoint_id, url, target.inside, near, authorities)
    if key not in held:
        if len(held) >= MOST_CLIENTS:
            held.pop(next(iter(held)))
        held[key] = client(private=target.inside, certificates=authorities, near=near)
    return held[key]


async def close_clients() -> None:
    """Close this event loop's connections, as a process does before it ends."""
    for http in _clients.pop(asyncio.get_running_loop(), {}).values():
        with suppress(RuntimeError):
            await http.aclose()

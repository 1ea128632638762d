"""GigaChat's tokens: half an hour long, had for the authorization key of a project.

As its reference says (developers.sber.ru, REST API, POST /oauth): `Authorization: Basic KEY`,
`RqUID` a fresh UUID, the scope as a form field; the answer has `access_token` and `expires_at` in
milliseconds.
"""

import asyncio
import time
from collections.abc import Callable
from uuid import uuid4

import httpx2

from app.inference.calling import CallFailed
from app.inference.presets import GIGACHAT_OAUTH, GIGACHAT_SCOPES
from app.inference.targets import Target

EARLY_SECONDS = 60
"""A token is renewed this long before it ends."""


class Tokens:
    """The tokens of one endpoint; calling it gives one that is good."""

    def __init__(
        self, target: Target, client: httpx2.AsyncClient, clock: Callable[[], float] = time.time
    ) -> None:
        self._target, self._client, self._clock = target, client, clock
        self._token, self._until = "", 0.0
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self) -> str:
        """A token; raises `CallFailed`."""
        async with self._one_at_a_time:
            if self._clock() >= self._until - EARLY_SECONDS:
                self._token, self._until = await self._asked()
            return self._token

    def forget(self) -> None:
        """Ask for a new token at the next call, for this one was refused."""
        self._until = 0.0

    async def _asked(self) -> tuple[str, float]:
        told = self._target.told
        try:
            answer = await self._client.post(
                told.get("oauth") or GIGACHAT_OAUTH,
                headers={
                    "authorization": f"Basic {self._target.secret}",
                    "rquid": str(uuid4()),
                    "accept": "application/json",
                },
                data={"scope": told.get("scope") or GIGACHAT_SCOPES[0]},
            )
        except httpx2.HTTPError as error:
            raise CallFailed("unreachable") from error
        if answer.status_code in (400, 401, 403):
            raise CallFailed("unauthorized")
        if answer.status_code != 200:
            raise CallFailed("broken")
        try:
            said = answer.json()
            return str(said["access_token"]), float(said["expires_at"]) / 1000
        except (ValueError, KeyError, TypeError) as error:
            raise CallFailed("garbled") from error

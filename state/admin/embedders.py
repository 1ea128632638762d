"""Who reads queries and texts for search, in the console: chosen, prepared, tried, taken back."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.i18n import N_, translate
from app.inference import chains, endpoints
from app.inference.embedding import try_embedder
from app.search import embedding_sets
from app.search.embedding_sets import Embedders
from state.admin.entry import Entry, acting, say_done, say_wrong
from state.filters import Option

PAUSE = 1.0
"""Seconds between looks at how far a change is."""
PATIENCE = 3600
"""Looks before the page stops following; it shows how things are when it is loaded again."""

Deed = Callable[[TenantSession, Actor], Awaitable[object]]


class EmbeddersState(rx.State):
    """The model that reads for search, and the one that is being prepared."""

    reads: rx.Field[str] = rx.field("")
    packaged: rx.Field[bool] = rx.field(True)
    lacking: rx.Field[str] = rx.field("")
    problem: rx.Field[str] = rx.field("")
    """Why the packaged encoder stands in for the model, or why the last change failed."""
    coming: rx.Field[str] = rx.field("")
    """The model that is being prepared; empty where none is."""
    done: rx.Field[int] = rx.field(0)
    total: rx.Field[int] = rx.field(0)
    choices: rx.Field[list[Option]] = rx.field(default_factory=list)
    nearness: rx.Field[str] = rx.field("")
    trial_problem: rx.Field[str] = rx.field("")
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event(background=True, supersedes=True)
    async def follow(self):
        """Show who reads, and how far a change is, until it is over."""
        for _look in range(PATIENCE):
            async with self:
                await self._refresh(await acting(self))
                busy = self.coming != ""
            if not busy:
                return
            await asyncio.sleep(PAUSE)

    @rx.event
    async def choose(self, form: dict[str, Any]):
        """Have a model embed everything; what reads now goes on meanwhile."""
        model = _id(form, "reader")
        await self._do(
            lambda session, actor: embedding_sets.choose(session, actor, model),
            N_("The model reads everything now. Search goes on meanwhile."),
        )
        return EmbeddersState.follow

    @rx.event
    async def stop(self):
        """Cancel the change."""
        await self._do(embedding_sets.stop, N_("The change is cancelled."))
        return EmbeddersState.follow

    @rx.event
    async def use_packaged(self):
        """Let the packaged encoder read again."""
        await self._do(embedding_sets.use_packaged, N_("The packaged encoder reads again."))
        return EmbeddersState.follow

    @rx.event
    async def compare(self, form: dict[str, Any]):
        """Say how near a question is to a text, by a model."""
        entry = await acting(self)
        self.nearness, self.trial_problem = "", ""
        texts = (str(form.get("asked", "")), str(form.get("text", "")))
        try:
            found = await try_embedder(entry.actor, _id(form, "tried"), *texts)
        except AppError as error:
            self.trial_problem = translate(entry.locale, error.message, **error.params)
            return
        self.nearness = translate(
            entry.locale,
            "Nearness %(nearness)s, after %(seconds)s s. Numbers: %(numbers)s. Tokens: %(tokens)s",
            nearness=f"{found.nearness:.3f}",
            seconds=f"{found.seconds:.2f}",
            numbers=found.dimensions,
            tokens=found.tokens,
        )

    async def _do(self, deed: Deed, message: str) -> None:
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await deed(session, entry.actor)
        except AppError as error:
            await say_wrong(self, error)
        else:
            await say_done(self, message)
        await self._refresh(entry)

    async def _refresh(self, entry: Entry) -> None:
        try:
            async with tenant_session(entry.market.id) as session:
                now = await embedding_sets.embedders(session, entry.actor)
                own = await endpoints.all_models(session, entry.actor)
                named = {
                    one.id: one.name for one in await endpoints.all_endpoints(session, entry.actor)
                }
        except AppError as error:
            await say_wrong(self, error)
            return
        shared = (await chains.shared_targets()).values()
        self.choices = [
            Option(str(one.id), f"{one.name} ({named[one.endpoint_id]})")
            for one in own
            if one.dimensions
        ] + [Option(str(one.model_id), one.name) for one in shared if one.dimensions]
        self._show(now, entry.locale)
        self.loaded = True

    def _show(self, now: Embedders, locale: str) -> None:
        self.reads, self.packaged = now.name, now.serving is None
        self.lacking = ""
        if now.missing:
            self.lacking = translate(
                locale,
                "Not read by it yet: %(missing)s of %(entries)s texts.",
                missing=now.missing,
                entries=now.entries,
            )
        self.coming = now.filling.model if now.filling is not None and now.busy else ""
        self.done, self.total = (now.job.done, now.job.total) if now.job else (0, 0)
        reason = now.problem or (now.job.problem if now.job and not now.busy else "")
        self.problem = translate(locale, reason) if reason else ""


def _id(form: object, name: str) -> UUID:
    try:
        return UUID(str(form.get(name) if isinstance(form, dict) else ""))
    except ValueError as error:
        raise NotFound("There is no such model.") from error

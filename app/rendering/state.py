"""Loads a page's state without a websocket and says how it differs from the compiled defaults.

The state tree is made for one request and thrown away. The page's `on_load` handlers run in it with
the same middleware as events from a socket, so the guard that protects an event protects a page.
"""

# Events are run here the way Reflex's own processor runs them, which takes some of its inside;
# the version is pinned, and the tests of this module notice a change.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import json
import urllib.parse
import uuid
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from reflex.app import App
from reflex.istate.delta import _resolve_delta
from reflex.state import BaseState
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.event.processor.base_state_processor import process_event
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import json_dumps

from app.rendering.page import Declaration, declaring

StateDiff = dict[str, dict[str, str]]
"""State name to var name to the var's value as JSON text."""

# What a handler may read about a request, but HTML must never show.
_NEVER_SENT = ("rx_router_headers", "rx_router_session")
_PATH_SAFE = "/:@!$&'()*+,;=~-._"
# A chain of events that long is a loop.
_MAX_EVENTS = 100


@dataclass(frozen=True)
class PageRequest:
    """The part of an HTTP request that a page may depend on."""

    path: str
    query: str
    headers: Mapping[str, str]
    scheme: str = "http"
    client: str = ""

    @property
    def host(self) -> str:
        """The Host header in lower case."""
        return self.headers.get("host", "").lower()

    @property
    def key(self) -> tuple[str, str, str]:
        """What a page that may be shared is kept under; the host keeps markets apart."""
        return (self.host, self.path, self.query)

    @property
    def target(self) -> str:
        """Path and query as they stand in an address."""
        quoted = urllib.parse.quote(self.path, safe=_PATH_SAFE)
        return f"{quoted}?{self.query}" if self.query else quoted

    def anonymous(self) -> PageRequest:
        """The same page asked for by nobody: only host, scheme, path and query remain."""
        return PageRequest(self.path, self.query, {"host": self.host}, self.scheme)


class StateLoader:
    """Runs load handlers for requests of one Reflex app."""

    def __init__(self, app: App) -> None:
        """Load pages of `app`, which must be compiled."""
        self._app = app
        self._defaults: StateDiff | None = None

    def route(self, path: str) -> str | None:
        """The page route that `path` belongs to; None when there is no such page."""
        route = self._app.router(path)
        return None if route == "404" or (route == "index" and path != "/") else route

    async def load(self, request: PageRequest) -> tuple[Declaration, StateDiff]:
        """Run the page's handlers and return what they declared and changed."""
        route = self.route(request.path)
        declaration = Declaration(status=200 if route else 404)
        root = self._new_tree()
        router_data = _router_data(request, route)
        root.router_data = root._update_router_vars(router_data, {})
        root.is_hydrated = True  # pyright: ignore[reportAttributeAccessIssue]
        with declaring(declaration):
            await self._run_handlers(root, router_data, request.path, declaration)
            if declaration.location is not None:
                return declaration, {}
            return declaration, differences(await kept_vars(root), await self._compiled())

    def _new_tree(self) -> BaseState:
        state = self._app._state
        if state is None:
            raise RuntimeError("The app has no state, so there is nothing to render.")
        return state(_reflex_internal_init=True)

    async def _compiled(self) -> StateDiff:
        if self._defaults is None:
            self._defaults = await all_vars(self._new_tree(), initial=True)
        return self._defaults

    async def _run_handlers(
        self, root: BaseState, router_data: dict[str, Any], path: str, declaration: Declaration
    ) -> None:
        queue: deque[Event] = deque()

        async def enqueue(token: str, *events: Event) -> None:
            queue.extend(events)

        async def emit(token: str, *events: Event) -> None:
            for event in events:
                _note_redirect(event, declaration)

        context = EventContext(
            token=f"render-{uuid.uuid4().hex}",
            state_manager=self._app.state_manager,
            enqueue_impl=enqueue,
            emit_event_impl=emit,
            emit_delta_impl=None,
            router_data=router_data,
        )
        registered = RegistrationContext.get().event_handlers
        token = EventContext.set(context)
        try:
            queue.extend(Event.from_event_type(self._app.get_load_events(path)))
            for _ in range(_MAX_EVENTS):
                if not queue or declaration.location is not None:
                    return
                event = queue.popleft()
                if event.name.startswith("_"):
                    _note_redirect(event, declaration)
                    continue
                refusal = await self._app._preprocess(root, event)
                if refusal is not None:
                    for refused in refusal.events:
                        _note_redirect(refused, declaration)
                    continue
                known = registered[event.name]
                # A background task belongs to a session; the socket starts it when there is one.
                if not known.handler.is_background:
                    await process_event(
                        handler=known.handler,
                        payload=dict(event.payload),
                        state=await root.get_state(known.states[0]),
                        root_state=None,
                    )
            raise RuntimeError(f"The load handlers of {path} never come to an end.")
        finally:
            EventContext.reset(token)


def diff_json(differences: StateDiff) -> str:
    """The differences as one JSON object; the values are JSON already."""
    states = (
        f"{json.dumps(name)}:{{"
        + ",".join(f"{json.dumps(var)}:{value}" for var, value in variables.items())
        + "}"
        for name, variables in differences.items()
    )
    return "{" + ",".join(states) + "}"


async def all_vars(root: BaseState, *, initial: bool = False) -> StateDiff:
    """Every var of every state; with `initial` as the compiled page starts."""
    return _written(type(root), await _resolve_delta(root.dict(initial=initial)))


async def kept_vars(root: BaseState) -> StateDiff:
    """The vars that may differ from their defaults.

    A state keeps no value of a var before somebody reads or sets it. Of some hundred states a page
    concerns a few, and asking all of them for all of their vars took longer than rendering.
    """
    values: dict[str, dict[str, Any]] = {}
    for state in _instances(root):
        told = {name: vars(state)[name] for name in vars(state).keys() & state.base_vars.keys()}
        if state.computed_vars:
            state._mark_dirty_computed_vars()
            told |= {
                name: state.get_value(name)
                for name, computed in state.computed_vars.items()
                if not computed._backend
            }
        if told:
            values[state.get_full_name()] = {
                name + FIELD_MARKER: told[name] for name in sorted(told)
            }
    return _written(type(root), await _resolve_delta(values))


def _written(root: type[BaseState], values: Mapping[str, Mapping[str, Any]]) -> StateDiff:
    hidden = _browser_stored(root)
    return {
        name: {
            var: json_dumps(value)
            for var, value in variables.items()
            if not var.startswith(_NEVER_SENT) and (name, var) not in hidden
        }
        for name, variables in values.items()
    }


def _instances(state: BaseState) -> Iterator[BaseState]:
    yield state
    for child in state.substates.values():
        yield from _instances(child)


@cache
def _browser_stored(root: type[BaseState]) -> frozenset[tuple[str, str]]:
    """Vars that mirror cookies or local storage: they are the browser's, not the page's."""
    return frozenset(
        (state.get_full_name(), f"{name}{FIELD_MARKER}")
        for state in _tree(root)
        for name in state.base_vars
        if state._is_client_storage(name)
    )


def _tree(state: type[BaseState]) -> list[type[BaseState]]:
    return [state, *(below for child in state.get_substates() for below in _tree(child))]


def differences(current: StateDiff, compiled: StateDiff) -> StateDiff:
    """The vars of `current` whose value is not the compiled one."""
    found: StateDiff = {}
    for name, variables in current.items():
        defaults = compiled.get(name, {})
        changed = {var: value for var, value in variables.items() if defaults.get(var) != value}
        if changed:
            found[name] = changed
    return found


def _note_redirect(event: Event, declaration: Declaration) -> None:
    if event.name != "_redirect" or declaration.location is not None:
        return
    path = event.payload.get("path")
    if isinstance(path, str):
        declaration.location = path
        if declaration.status not in (301, 302, 303, 307, 308):
            declaration.status = 302


def _router_data(request: PageRequest, route: str | None) -> dict[str, Any]:
    query = dict(urllib.parse.parse_qsl(request.query, keep_blank_values=True))
    values = {**query, **route_parameters(route or "", request.path)}
    return {
        "pathname": "/" + (route or "404").removeprefix("/"),
        "asPath": request.target,
        "query": {name.replace("-", "_"): value for name, value in values.items()},
        "headers": {**request.headers, "origin": f"{request.scheme}://{request.host}"},
        "ip": request.client,
        "token": "",
        "sid": "",
    }


def route_parameters(route: str, path: str) -> dict[str, str | list[str]]:
    """Values of a route's dynamic segments: `[name]`, `[[name]]` and `[[...splat]]`."""
    parts = [part for part in path.strip("/").split("/") if part]
    values: dict[str, str | list[str]] = {}
    for position, segment in enumerate(route.strip("/").split("/")):
        if not segment.startswith("["):
            continue
        name = segment.strip("[]")
        if name.startswith("..."):
            values[name.removeprefix("...")] = parts[position:]
        elif position < len(parts):
            values[name] = parts[position]
    return values

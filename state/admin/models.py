"""Chat models in the console: endpoints and models, who answers for whom, what it may cost.

A key goes in and never comes out: no var holds one.
"""

import dataclasses
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.permissions import Permission
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.i18n import N_, translate
from app.inference import budgets, chains, endpoints
from app.inference.budgets import Limits
from app.inference.chains import ChainInput
from app.inference.endpoints import EndpointInput, ModelInput, ModelRefused
from app.inference.models import ModelEndpoint
from app.inference.presets import KINDS, PRESETS, PROFILES, Profile
from app.inference.targets import Link
from state.admin.embedders import EmbeddersState
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.admin.model_rows import (
    LONGEST_CHAIN_SHOWN,
    ChainRow,
    EndpointRow,
    ModelRow,
    chain_row,
    endpoint_row,
    model_row,
    shared_row,
)
from state.filters import Option


class ModelsState(rx.State):
    """Endpoints, models, chains and the budget of the market."""

    endpoints: rx.Field[list[EndpointRow]] = rx.field(default_factory=list)
    models: rx.Field[list[ModelRow]] = rx.field(default_factory=list)
    chains: rx.Field[list[ChainRow]] = rx.field(default_factory=list)
    choices: rx.Field[list[Option]] = rx.field(default_factory=list)
    presets: rx.Field[list[Option]] = rx.field(default_factory=list)
    places: rx.Field[list[Option]] = rx.field(default_factory=list)
    """The market's own endpoints, to add a model to."""
    limits: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    limits_version: rx.Field[int] = rx.field(0)
    used: rx.Field[str] = rx.field("")
    loaded: rx.Field[bool] = rx.field(False)
    changed: rx.Field[int] = rx.field(0)
    """Counts the changes, so that forms are made anew after each."""

    @rx.event
    async def load(self):
        """Show everything."""
        entry = await enter(self, Permission.MODELS, place="models", title=N_("Chat models"))
        if entry is not None:
            self.presets = [Option(one.key, one.name) for one in PRESETS.values()] + [
                Option(key, KINDS[key].name) for key in ("vllm", "hub")
            ]
            await self._refresh(entry)
            return EmbeddersState.follow
        return None

    @rx.event
    async def add_endpoint(self, form: dict[str, Any]):
        """Add an endpoint, with the models that its vendor is known for."""
        chosen = PRESETS.get(_text(form, "preset"))
        kind = chosen.kind if chosen else _text(form, "preset")
        addresses = _text(form, "urls").split()
        given = EndpointInput(
            name=_text(form, "name"),
            kind=kind,
            urls=addresses or ([chosen.url] if chosen and chosen.url else []),
            secret=_text(form, "secret"),
            told={key: _text(form, key) for key in ("folder", "scope", "ca")},
        )

        async def deed(session: TenantSession, entry: Entry) -> None:
            made = await endpoints.add_endpoint(session, entry.actor, given)
            for one in chosen.models if chosen else ():
                await endpoints.add_model(
                    session,
                    entry.actor,
                    made.id,
                    ModelInput(
                        one.name,
                        context=one.context,
                        tools=one.tools,
                        json_output=one.json_output,
                    ),
                )

        await self._do(deed, N_("The endpoint is added."))

    @rx.event
    async def change_key(self, endpoint_id: str, version: int, form: dict[str, Any]):
        """Give an endpoint another key."""

        async def deed(session: TenantSession, entry: Entry) -> None:
            found = await _own_endpoint(session, entry, endpoint_id)
            given = _as_given(found, secret=_text(form, "secret"))
            if not given.secret:
                raise ModelRefused("This cannot be a key of the endpoint.")
            await endpoints.change_endpoint(session, entry.actor, found.id, _number(version), given)

        await self._do(deed, N_("The key is changed."))

    @rx.event
    async def switch_endpoint(self, endpoint_id: str, version: int, enabled: bool):
        """Use an endpoint, or leave it alone."""

        async def deed(session: TenantSession, entry: Entry) -> None:
            found = await _own_endpoint(session, entry, endpoint_id)
            given = dataclasses.replace(_as_given(found), enabled=enabled is True)
            await endpoints.change_endpoint(session, entry.actor, found.id, _number(version), given)

        await self._do(deed, N_("Saved."))

    @rx.event
    async def remove_endpoint(self, endpoint_id: str, version: int):
        """Remove an endpoint with its models."""

        async def deed(session: TenantSession, entry: Entry) -> None:
            await endpoints.remove_endpoint(
                session, entry.actor, _id(endpoint_id), _number(version)
            )

        await self._do(deed, N_("The endpoint is removed."))

    @rx.event
    async def add_model(self, form: dict[str, Any]):
        """Add a model to an endpoint."""

        async def deed(session: TenantSession, entry: Entry) -> None:
            given = ModelInput(
                name=_text(form, "model"),
                adapter_of=_text(form, "adapter_of"),
                context=_number(_text(form, "context")),
                tools="tools" in form,
                json_output="json_output" in form,
                price_in=_decimal(_text(form, "price_in")) or Decimal(0),
                price_out=_decimal(_text(form, "price_out")) or Decimal(0),
                currency=entry.market.currency,
                dimensions=_number(_text(form, "dimensions") or "0"),
                query_prefix=_prefix(form, "query_prefix"),
                passage_prefix=_prefix(form, "passage_prefix"),
            )
            await endpoints.add_model(session, entry.actor, _id(form.get("endpoint")), given)

        await self._do(deed, N_("The model is added."))

    @rx.event
    async def remove_model(self, model_id: str, version: int):
        """Remove a model."""

        async def deed(session: TenantSession, entry: Entry) -> None:
            await endpoints.remove_model(session, entry.actor, _id(model_id), _number(version))

        await self._do(deed, N_("The model is removed."))

    @rx.event
    async def save_chain(self, agent: str, version: int, form: dict[str, Any]):
        """Say who answers for an agent."""

        async def deed(session: TenantSession, entry: Entry) -> None:
            own = {str(one.id) for one in await endpoints.all_models(session, entry.actor)}
            chosen = [_text(form, f"place-{number}") for number in range(LONGEST_CHAIN_SHOWN)]
            links = [Link(_id(one), shared=one not in own) for one in chosen if one]
            given = ChainInput(
                tuple(links),
                first_token_seconds=_float(form, "first_token"),
                total_seconds=_float(form, "total"),
                profile=Profile(
                    _float(form, "temperature"),
                    _number(_text(form, "max_tokens")),
                    _float(form, "top_p"),
                    _float(form, "frequency_penalty"),
                ),
            )
            await chains.set_chain(session, entry.actor, str(agent), _number(version), given)

        await self._do(deed, N_("Saved."))

    @rx.event
    async def unset_chain(self, agent: str, version: int):
        """Let an agent have the platform's chain again."""

        async def deed(session: TenantSession, entry: Entry) -> None:
            await chains.unset_chain(session, entry.actor, str(agent), _number(version))

        await self._do(deed, N_("Saved."))

    @rx.event
    async def save_limits(self, form: dict[str, Any]):
        """Limit what answers may use in a day."""

        async def deed(session: TenantSession, entry: Entry) -> None:
            def tokens(name: str) -> int | None:
                return _number(_text(form, name)) if _text(form, name) else None

            given = Limits(
                tokens("market_tokens"),
                tokens("person_tokens"),
                _decimal(_text(form, "market_money")),
                _decimal(_text(form, "person_money")),
                entry.market.currency,
            )
            await budgets.set_budget(session, entry.actor, self.limits_version, given)

        await self._do(deed, N_("Saved."))

    async def _do(self, deed: Any, message: str) -> None:
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await deed(session, entry)
        except AppError as error:
            await say_wrong(self, error)
        else:
            await say_done(self, message)
        await self._refresh(entry)

    async def _refresh(self, entry: Entry) -> None:
        try:
            entry.actor.must(Permission.MODELS)
        except AppError as error:
            await say_wrong(self, error)
            return
        async with tenant_session(entry.market.id) as session:
            found = await endpoints.all_endpoints(session, entry.actor)
            models = await endpoints.all_models(session, entry.actor)
            own = await chains.all_chains(session, entry.actor)
            shown = {agent: await chains.chain_of(session, agent) for agent in PROFILES}
            limits, self.limits_version = await budgets.budget_of(session, entry.actor)
            used = await budgets.used_today(session, entry.actor)
        shared = list((await chains.shared_targets()).values())
        self.endpoints = [endpoint_row(one) for one in found]
        self.places = [Option(str(one.id), one.name) for one in found]
        names = {one.id: one.name for one in found}
        self.models = [model_row(one, names[one.endpoint_id]) for one in models]
        self.models += [shared_row(one) for one in shared]
        embed = {str(one.id) for one in models if one.dimensions}
        embed |= {str(one.model_id) for one in shared if one.dimensions}
        self.choices = [
            Option(one.id, f"{one.name} ({one.endpoint})")
            for one in self.models
            if one.id not in embed
        ]
        self.chains = [
            chain_row(entry.locale, agent, shown[agent], own.get(agent)) for agent in PROFILES
        ]
        self.limits = {
            key: ""
            if value is None
            else f"{value.normalize():f}"
            if isinstance(value, Decimal)
            else str(value)
            for key, value in dataclasses.asdict(limits).items()
        }
        money = ", ".join(f"{amount.normalize():f} {code}" for code, amount in used.money.items())
        self.used = translate(
            entry.locale, "%(count)s tokens today, %(money)s", count=used.tokens, money=money or "0"
        )
        self.loaded = True
        self.changed += 1


async def _own_endpoint(session: TenantSession, entry: Entry, endpoint_id: object) -> ModelEndpoint:
    wanted = _id(endpoint_id)
    for one in await endpoints.all_endpoints(session, entry.actor):
        if one.id == wanted:
            return one
    raise NotFound("There is no such endpoint.")


def _as_given(row: ModelEndpoint, secret: str = "") -> EndpointInput:
    return EndpointInput(
        row.name,
        row.kind,
        tuple(row.urls),
        secret,
        {key: str(value) for key, value in row.told.items()},
        row.inside,
        row.shared,
        row.enabled,
    )


def _text(form: object, name: str) -> str:
    value = form.get(name) if isinstance(form, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _prefix(form: object, name: str) -> str:
    value = form.get(name) if isinstance(form, dict) else None
    # What stands before a text ends with a space, so that none is taken off.
    return value if isinstance(value, str) else ""


def _id(told: object) -> UUID:
    try:
        return UUID(str(told))
    except ValueError as error:
        raise NotFound("There is no such model.") from error


def _number(told: object) -> int:
    try:
        return int(str(told))
    except ValueError as error:
        raise ModelRefused("Give a whole number.") from error


def _float(form: object, name: str) -> float:
    try:
        return float(_text(form, name).replace(",", "."))
    except ValueError as error:
        raise ModelRefused("Give a number.") from error


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ".")) if text else None
    except InvalidOperation as error:
        raise ModelRefused("Give a number.") from error

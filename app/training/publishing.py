"""Publishing an adapter: into the folder that vLLM serves from, and among the market's models."""

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.inference.endpoints import ModelInput, add_model
from app.inference.models import ModelEndpoint, OfferedModel
from app.markets.quotas import adapters_folder
from app.training.running import Trained


class WorseThanBase(AppError):
    """The adapter does not foresee good answers better than the base does; nobody shall get it."""


class UnderWay:
    """An adapter's folder: hidden while it is copied, taken away again where the rest fails."""

    def __init__(self, source: Path, into: Path, name: str) -> None:
        self._source, self._part, self._whole = source, into / f".{name}.part", into / name

    def __enter__(self) -> "UnderWay":
        shutil.rmtree(self._part, ignore_errors=True)
        shutil.copytree(self._source, self._part)
        # The server runs as another user and only reads.
        self._part.chmod(0o755)
        for file in self._part.iterdir():
            file.chmod(0o644)
            _to_disk(file)
        _to_disk(self._part)
        self._part.rename(self._whole)
        _to_disk(self._whole.parent)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            shutil.rmtree(self._whole, ignore_errors=True)


async def endpoint_of(session: TenantSession, actor: Actor, name: str, base: str) -> OfferedModel:
    """The base model at the market's own endpoint; raises `NotFound` or `AppError`.

    An endpoint that the platform shares will not do: what one market's people said would answer
    in all others.
    """
    actor.must(Permission.MODELS)
    query = (
        select(OfferedModel, ModelEndpoint)
        .join(ModelEndpoint, col(ModelEndpoint.id) == col(OfferedModel.endpoint_id))
        .where(ModelEndpoint.name == name, OfferedModel.name == base)
    )
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise NotFound("There is no such model.")
    model, endpoint = found
    if endpoint.kind != "vllm" or endpoint.shared or model.adapter_of:
        raise AppError(
            "Adapters are published to a base model at a vLLM endpoint of the market's own, "
            "which is not shared with other markets."
        )
    return model


async def publish(actor: Actor, key: str, agent: str, base: OfferedModel, trained: Trained) -> str:
    """Publish an adapter under a name with a number of its own, and return the name.

    Raises `WorseThanBase`. An earlier one stays where it is, to go back to.
    """
    actor.must(Permission.MODELS)
    measured = trained.measured
    if not measured.is_better:
        raise WorseThanBase(
            "The adapter was not published, for it is no better than %(base)s: on %(held_out)s "
            "answers its loss is %(loss)s, where that of the base is %(base_loss)s.",
            base=base.name,
            held_out=measured.held_out,
            loss=f"{measured.adapter_loss:.3f}",
            base_loss=f"{measured.base_loss:.3f}",
        )
    async with tenant_session(actor.market_id) as session:
        known = (await session.exec(select(OfferedModel.name))).all()
    into = adapters_folder()
    into.mkdir(parents=True, exist_ok=True)
    name = _free(f"{key}-{agent}-", known, into)
    # A row without its folder answers nobody, and a folder without its row is taken away.
    with UnderWay(trained.folder, into, name):
        async with tenant_session(actor.market_id) as session:
            model = await add_model(session, actor, base.endpoint_id, _like(base, name))
            told = {"name": name, "base": base.name, "agent": agent}
            figures = {"loss": measured.adapter_loss, "base_loss": measured.base_loss}
            await record(
                session, actor, "adapter.published", "offered_model", model.id, after=told | figures
            )
    return name


def _free(stem: str, known: Sequence[str], into: Path) -> str:
    taken = [
        *known,
        *(path.name.removeprefix(".").removesuffix(".part") for path in into.iterdir()),
    ]
    numbered = re.compile(rf"{re.escape(stem)}(\d+)")
    numbers = [int(found[1]) for name in taken if (found := numbered.fullmatch(name))]
    return f"{stem}{max(numbers, default=0) + 1}"


def _like(base: OfferedModel, name: str) -> ModelInput:
    return ModelInput(
        name=name,
        adapter_of=base.name,
        context=base.context,
        tools=base.tools,
        json_output=base.json_output,
        streams=base.streams,
        price_in=base.price_in,
        price_out=base.price_out,
        currency=base.currency,
    )


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

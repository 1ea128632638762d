"""After a new key was set, `agora secrets rotate` makes the former one superfluous."""

import pytest
from sqlalchemy import text

from app.accounts.ways.models import SignInWay
from app.commands.secrets import reseal_all, sealed_columns
from app.database import tenant_session
from app.errors import Unavailable
from app.settings import settings
from tests.factories import authenticator, open_market, sign_in_way

pytestmark = pytest.mark.usefixtures("database")


async def test_every_market_is_read_with_the_new_key_alone(monkeypatch: pytest.MonkeyPatch):
    former = settings().secret_key
    first, second = await open_market(), await open_market()
    ways = {}
    for market in (first, second):
        async with tenant_session(market.id) as session:
            ways[market.id] = (await sign_in_way(session, secret="well kept")).id
            await authenticator(session)

    def key(present: str, *formers: str) -> None:
        monkeypatch.setenv("AGORA_SECRET_KEY", present)
        monkeypatch.setenv("AGORA_FORMER_SECRET_KEYS", " ".join(formers))
        settings.cache_clear()

    async def kept(market_id: object) -> str:
        async with tenant_session(first.id if market_id == first.id else second.id) as session:
            return (await session.get_one(SignInWay, ways[market_id])).secret

    try:
        key("n" * 40)
        with pytest.raises(Unavailable):
            await kept(first.id)
        key("n" * 40, former)
        assert await reseal_all() >= 4
        key("n" * 40)
        assert [await kept(first.id), await kept(second.id)] == ["well kept", "well kept"]
        async with tenant_session(first.id) as session:
            raw = (await session.execute(text("select secret from sign_in_way"))).scalar_one()
        assert "well kept" not in raw
    finally:
        # Other tests' rows must be readable again.
        key(former, "n" * 40)
        await reseal_all()
        monkeypatch.undo()
        settings.cache_clear()


def test_every_kind_of_secret_is_among_them():
    found = {(table.name, column.name) for table, column in sealed_columns()}
    assert {("sign_in_way", "secret"), ("authenticator", "secret"), ("job", "told")} <= found

"""Who can sign in to a demo market."""

import json
from pathlib import Path

import pytest

from app.accounts.permissions import Role
from app.accounts.roles import roles_of
from app.accounts.signing import who_signs_in
from app.commands.demo import _account, demo_accounts
from app.database import tenant_session
from tests.factories import listing, open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OWNER, Role.PROVIDER])
async def test_each_of_them_has_the_role_that_is_told(role: Role):
    market = await open_market()
    async with tenant_session(market.id) as session:
        await listing(session)
    account = await _account(market, role)
    async with tenant_session(market.id) as session:
        person_id = await who_signs_in(session, account.email, account.password)
        assert await roles_of(session, person_id) == {Role.MEMBER, role}
    assert account.role == role


def test_a_file_of_an_older_version_is_read(tmp_path: Path):
    told = [{"market": "kazan", "email": "demo@agora.example", "password": "x"}]
    (tmp_path / "demo.json").write_text(json.dumps(told))
    assert [account.role for account in demo_accounts(tmp_path)] == ["member"]

"""Who is offered the console: staff, and nobody else."""

import pytest

from app.accounts.permissions import GRANTS, Role
from state.admin.entry import CONSOLE


@pytest.mark.parametrize("role", [Role.VISITOR, Role.MEMBER, Role.PROVIDER])
def test_who_has_no_part_in_running_the_market_is_not_offered_its_console(role: Role):
    assert GRANTS[role] & CONSOLE == frozenset()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN, Role.OWNER])
def test_staff_are(role: Role):
    assert GRANTS[role] & CONSOLE

"""How an agent uses a tool: at once, or by putting it before the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.approvals.asking import propose
from app.approvals.tools import Call, Tool
from app.database import tenant_session


@dataclass(frozen=True)
class Used:
    """What came of a tool: its result, or the proposal that now waits for the person's word."""

    tool: str
    result: dict[str, Any] | None = None
    approval_id: UUID | None = None

    @property
    def waits(self) -> bool:
        """Whether nothing has happened yet."""
        return self.approval_id is not None


async def use(tool: Tool[Any], call: Call, told: Mapping[str, Any], *, anew: bool = False) -> Used:
    """Use `tool` in the person's name, with arguments as a model or a form tells them.

    What spends money, writes to others or cannot be undone is put before the person instead; once
    for `call.key`, or `anew` where the last one came to nothing. Raises `ArgumentsRefused`,
    `NotAllowed`, and what the tool raises.
    """
    async with tenant_session(call.market.id) as session:
        if tool.waits:
            proposed = await propose(session, call, tool, told, anew=anew)
            return Used(tool.name, approval_id=proposed.approval.id)
        call.actor.must(tool.permission)
        assert tool.do is not None
        return Used(tool.name, await tool.do(session, call, tool.read(told)))

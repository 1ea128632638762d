"""A proposal as its person sees it: what will happen, what of it can be changed, how it stands."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.approvals.models import Approval
from app.approvals.tools import Editable, Options, Preview, tool_named
from app.database import TenantSession
from app.errors import AppError
from app.i18n import translate


@dataclass(frozen=True)
class Shown:
    """A proposal in its reader's language; `problem` says why it failed or cannot be done."""

    approval: Approval
    state: str
    preview: Preview
    editable: tuple[Editable, ...] = ()
    options: Options = field(default_factory=Options)
    problem: str = ""

    def value(self, name: str) -> str:
        """An argument as a field of a form holds it."""
        told: Any = self.approval.arguments.get(name)
        if told is None:
            return ""
        return f"{Decimal(str(told)):f}" if isinstance(told, float) else str(told)


async def shown(session: TenantSession, approval: Approval, locale: str) -> Shown:
    """The proposal for a reader of `locale`; what became impossible says so instead of failing."""
    state = approval.state
    if state == "waiting" and approval.expires_at <= datetime.now(UTC):
        state = "expired"
    problem = ""
    if approval.problem:
        problem = translate(locale, approval.problem, **approval.problem_params)
    try:
        tool = tool_named(approval.tool)
        arguments = tool.read(approval.arguments)
        preview = await tool.describe(session, locale, arguments)
        if state != "waiting":
            return Shown(approval, state, preview, tool.editable, problem=problem)
        options = await tool.options(session, locale, arguments)
        return Shown(approval, state, preview, tool.editable, options, problem)
    except AppError as error:
        said = problem or translate(locale, error.message, **error.params)
        return Shown(approval, state, Preview(""), problem=said)

"""Writing the audit log."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.accounts.actors import Actor
from app.audit.models import AuditEntry
from app.database import TenantSession


async def record(
    session: TenantSession,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: UUID | str = "",
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note a deed in the same transaction as the deed itself.

    `action` is `noun.past_participle` (`listing.hidden`). `before` and `after` hold the fields
    that changed; what JSON cannot hold is written as text. Never pass a secret.
    """
    session.add(
        AuditEntry(
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            action=action,
            subject_kind=subject_kind,
            subject_id=str(subject_id),
            before=_plain(before),
            after=_plain(after),
            address=actor.address,
        )
    )
    await session.flush()


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they are."""
    differ = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in differ}, {name: after[name] for name in differ}


def _plain(told: Mapping[str, Any] | None) -> dict[str, Any]:
    return json.loads(json.dumps(dict(told or {}), default=str))

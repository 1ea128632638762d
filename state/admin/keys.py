"""The market's API keys in the console: made, shown once, revoked.

The secret of a new key is in no var: it goes to the tab that asked by one script, and is nowhere
afterwards.
"""

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.keys.issuing import all_keys, make_key, revoke_key
from app.accounts.keys.models import ApiKey
from app.accounts.permissions import KEY_SCOPES, Permission
from app.accounts.tokens.signing_keys import rotate
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.i18n import N_, translate, written_date
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.filters import Option

P = Permission
SCOPE_NAMES: dict[Permission, str] = {
    P.READ: N_("Read public pages, search and ask"),
    P.RUN_PROJECTS: N_("Prepare the market's own events"),
    P.EDIT_CATALOGUE: N_("Change categories, providers and listings"),
    P.EDIT_KNOWLEDGE: N_("Write help articles"),
    P.MODERATE: N_("Publish and hide listings"),
    P.SEE_CONVERSATIONS: N_("Read and take over conversations"),
    P.SEE_PEOPLE: N_("See people"),
    P.SEE_FIGURES: N_("See figures"),
    P.WRITE_MENTIONS: N_("Bring in mentions"),
    P.SEE_AUDIT: N_("See the audit log"),
    P.ASK_MODELS: N_("Have the chat models answer"),
}
LIVES = {"30": 30, "90": 90, "365": 365, "always": None}
"""Days that a key can be made for; None for one without an end."""
SHOW = (
    "((key) => {{ document.getElementById('new-key').textContent = key; "
    "const panel = document.getElementById('new-key-panel'); panel.hidden = false; "
    "panel.scrollIntoView({{ block: 'center' }}); }})({key})"
)


@dataclasses.dataclass(frozen=True)
class KeyRow:
    """A key as the table shows it."""

    id: str
    name: str
    shown: str
    scopes: str
    made: str
    used: str
    until: str
    state: str
    """`good`, `over` or `revoked`."""
    state_name: str


class KeysState(rx.State):
    """The keys, and what a new one can be allowed."""

    rows: rx.Field[list[KeyRow]] = rx.field(default_factory=list)
    scopes: rx.Field[list[Option]] = rx.field(default_factory=list)
    lives: rx.Field[list[Option]] = rx.field(default_factory=list)
    loaded: rx.Field[bool] = rx.field(False)
    made: rx.Field[int] = rx.field(0)
    """Counts the keys made, so that the form is empty after each."""

    @rx.event
    async def load(self):
        """Show the keys."""
        entry = await enter(self, P.KEYS, place="keys", title=N_("API keys"))
        if entry is None:
            return
        may = [scope for scope in SCOPE_NAMES if entry.actor.may(scope)]
        self.scopes = [
            Option(str(scope), translate(entry.locale, SCOPE_NAMES[scope])) for scope in may
        ]
        self.lives = [
            Option("90", translate(entry.locale, "90 days")),
            Option("30", translate(entry.locale, "30 days")),
            Option("365", translate(entry.locale, "a year")),
            Option("always", translate(entry.locale, "until it is revoked")),
        ]
        await self._refresh(entry)

    @rx.event
    async def make(self, form: dict[str, Any]):
        """Make a key and show its secret, this once."""
        entry = await acting(self)
        name, life = form.get("name"), form.get("life")
        lasts = LIVES.get(life) if isinstance(life, str) else None
        if not isinstance(name, str) or not isinstance(life, str) or life not in LIVES:
            await say_wrong(self, NotFound("Give the key a name."))
            return None
        try:
            async with tenant_session(entry.market.id) as session:
                key = await make_key(
                    session,
                    entry.actor,
                    name,
                    [scope for scope in KEY_SCOPES if form.get(f"scope {scope}")],
                    timedelta(days=lasts) if lasts else None,
                )
        except AppError as error:
            await say_wrong(self, error)
            return None
        self.made += 1
        await say_done(self, N_("The key is made. Copy it now."))
        await self._refresh(entry)
        return rx.call_script(SHOW.format(key=json.dumps(key.secret)))

    @rx.event
    async def revoke(self, key_id: str):
        """End a key."""
        entry = await acting(self)
        try:
            subject = UUID(key_id)
        except (ValueError, TypeError, AttributeError):
            await say_wrong(self, NotFound("There is no such key."))
            return
        try:
            async with tenant_session(entry.market.id) as session:
                await revoke_key(session, entry.actor, subject)
        except AppError as error:
            await say_wrong(self, error)
        else:
            await say_done(self, N_("The key opens nothing any more."))
            await self._refresh(entry)

    @rx.event
    async def rotate_signing_key(self):
        """Sign tokens with a new key from now on."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await rotate(session, entry.actor)
        except AppError as error:
            await say_wrong(self, error)
        else:
            await say_done(self, N_("Tokens are signed with a new key."))

    async def _refresh(self, entry: Entry) -> None:
        async with tenant_session(entry.market.id) as session:
            found = await all_keys(session, entry.actor)
        self.rows = [_row(key, entry.locale) for key in found]
        self.loaded = True


def _row(key: ApiKey, locale: str) -> KeyRow:
    over = key.expires_at is not None and key.expires_at <= datetime.now(UTC)
    state = "revoked" if key.revoked_at else "over" if over else "good"
    names = {
        "good": translate(locale, "valid"),
        "over": translate(locale, "expired"),
        "revoked": translate(locale, "revoked"),
    }
    held = [
        translate(locale, name) for scope, name in SCOPE_NAMES.items() if scope in set(key.scopes)
    ]
    return KeyRow(
        id=str(key.id),
        name=key.name,
        shown=f"agora_{key.prefix}_…",
        scopes=" · ".join(held),
        made=written_date(key.created_at.date(), locale),
        used=written_date(key.used_at.date(), locale) if key.used_at else "",
        until=written_date(key.expires_at.date(), locale) if key.expires_at else "",
        state=state,
        state_name=names[state],
    )

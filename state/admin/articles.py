"""The help articles in the console: the list, and the editor with its preview."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_, own_name, translate, written_date
from app.knowledge.editing import (
    article_fields,
    article_of,
    articles_found,
    create_article,
    delete_article,
    edit_article,
)
from app.knowledge.reading import article_path, rendered
from app.rendering import ssr
from state.admin.editing import EditedMarket, Told
from state.admin.entry import Entry, acting, enter, say_wrong
from state.listings import NEW
from state.page import Crumb, refuse
from state.payloads import form_of, text_of, uuid_of
from state.session import current_market, path_parts

LONGEST = 100_000


@dataclasses.dataclass(frozen=True)
class ArticleRow:
    """An article as the table shows it."""

    id: str
    title: str
    slug: str
    languages: str
    public: bool
    changed: str


@dataclasses.dataclass(frozen=True)
class ArticleTexts:
    """An article in one of the market's languages; `html` is its preview."""

    code: str
    language: str
    title: str
    body: str
    html: str


class ArticlesState(rx.State):
    """The list."""

    rows: rx.Field[list[ArticleRow]] = rx.field(default_factory=list)
    words: rx.Field[str] = rx.field("")
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show every article."""
        entry = await enter(
            self, Permission.EDIT_KNOWLEDGE, place="articles", title=N_("Help articles")
        )
        if entry is None:
            return
        self.words = ""
        await self._refresh(entry)

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Show the articles whose title or address holds the words."""
        self.words = text_of(form_of(form).get("words"), 100)
        await self._refresh(await acting(self))

    async def _refresh(self, entry: Entry) -> None:
        try:
            async with tenant_session(entry.market.id) as session:
                found = await articles_found(session, entry.actor, entry.locale, self.words)
        except AppError as error:
            await say_wrong(self, error)
            return
        self.rows = [
            ArticleRow(
                str(one.id),
                one.title,
                one.slug,
                " · ".join(code.upper() for code in one.locales),
                one.public,
                written_date(one.changed.date(), entry.locale),
            )
            for one in found
        ]
        self.loaded = True


class ArticleState(EditedMarket, rx.State):
    """One article being written."""

    article_id: rx.Field[str] = rx.field("")
    """Empty for an article that is not saved yet."""
    slug: rx.Field[str] = rx.field("")
    public: rx.Field[str] = rx.field("no")
    texts: rx.Field[list[ArticleTexts]] = rx.field(default_factory=list)
    public_path: rx.Field[str] = rx.field("")
    ready: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the article that the path names, or an empty one."""
        # The preview shows what is being written, wherever its pictures are from.
        ssr.pictures_from("https:")
        slug = self.router.url.path.rstrip("/").rpartition("/")[2]
        self.ready = False
        self.article_id = "" if slug == NEW else slug
        try:
            await self._open()
        except AppError as error:
            await refuse(self, error)

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save what the form holds."""
        market, form = await current_market(self), form_of(form)
        names = [f"{name}.{code}" for name in ("title", "body") for code in market.locales]
        wanted = {name: text_of(form.get(name), LONGEST) for name in ("slug", "public", *names)}
        was_new = not self.article_id
        await self._save(wanted, undo=not was_new)
        if was_new and self.article_id:
            return rx.redirect(self.router.url.path.rpartition("/")[0] + "/" + self.article_id)
        return None

    @rx.event
    async def preview(self, code: str, body: str):
        """Show the text as readers will see it; nothing is saved."""
        entry = await acting(self)
        try:
            entry.actor.must(Permission.EDIT_KNOWLEDGE)
        except AppError as error:
            await say_wrong(self, error)
            return
        self.texts = [
            dataclasses.replace(one, html=rendered(text_of(body, LONGEST)))
            if one.code == code
            else one
            for one in self.texts
        ]

    @rx.event
    async def delete(self):
        """Delete the article."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await delete_article(session, entry.actor, uuid_of(self.article_id))
        except AppError as error:
            await say_wrong(self, error)
            return None
        return rx.redirect(f"/{entry.locale}/admin/articles")

    async def _enter(self) -> Entry | None:
        return await enter(
            self,
            Permission.EDIT_KNOWLEDGE,
            place="articles",
            title=N_("Article"),
            under=(Crumb(translate(path_parts(self)[0], "Help articles"), "articles"),),
        )

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        if not self.article_id:
            actor.must(Permission.EDIT_KNOWLEDGE)
            return {}, 0
        found = await article_of(session, actor, uuid_of(self.article_id))
        market = await current_market(self)
        told = {f"title.{code}": found.title.get(code, "") for code in market.locales}
        told |= {f"body.{code}": found.body.get(code, "") for code in market.locales}
        return told | {"slug": found.slug, "public": "yes" if found.public else "no"}, found.version

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        market = await current_market(self)
        fields = article_fields(wanted, market.locales)
        if self.article_id:
            article_id = uuid_of(self.article_id)
            await edit_article(session, actor, article_id, seen, fields, market.locales)
            return
        self.article_id = str((await create_article(session, actor, fields)).id)

    def _names(self, locale: str) -> Mapping[str, str]:
        called = {"title": translate(locale, "Title"), "body": translate(locale, "Text")}
        named = {
            f"{name}.{one.code}": f"{told} ({one.language})"
            for name, told in called.items()
            for one in self.texts
        }
        return named | {
            "slug": translate(locale, "Address"),
            "public": translate(locale, "Public"),
        }

    async def _show(self, entry: Entry, stands: Told) -> None:
        market = entry.market
        own_first = sorted(market.locales, key=lambda code: code != market.default_locale)
        self.slug, self.public = stands.get("slug", ""), stands.get("public", "no")
        self.texts = [
            ArticleTexts(
                code,
                own_name(code),
                stands.get(f"title.{code}", ""),
                stands.get(f"body.{code}", ""),
                rendered(stands.get(f"body.{code}", "")),
            )
            for code in own_first
        ]
        self.public_path = article_path(entry.locale, self.slug)
        self.ready = True

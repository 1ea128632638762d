"""Writing, publishing and deleting help articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import changes, record
from app.database import TenantSession
from app.errors import AppError, Conflict, NotFound
from app.i18n import N_, in_locale
from app.knowledge.former_addresses import keep_former
from app.knowledge.imports import ArticleInput
from app.knowledge.models import Article
from app.markets.changes import HELP, HOME
from app.markets.shaping import NotAccepted
from app.search.following import follow

PROBLEMS = {
    "slug": N_("The address has letters a-z, digits and single hyphens, up to 100 of them."),
    "title": N_("A title in at least one language is needed, of up to 200 characters."),
    "body": N_("A text in at least one language is needed."),
}


class SlugTaken(AppError):
    """Another article has this address."""


@dataclass(frozen=True)
class ListedArticle:
    """An article as a row of the table."""

    id: UUID
    slug: str
    title: str
    locales: list[str]
    public: bool
    changed: datetime


async def articles_found(
    session: TenantSession, actor: Actor, locale: str, words: str = ""
) -> list[ListedArticle]:
    """Every article, drafts too, by title; raises `NotAllowed`."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    found = await session.exec(select(Article).order_by(Article.slug))
    sought = " ".join(words.split()).casefold()
    listed = [
        ListedArticle(
            one.id,
            one.slug,
            in_locale(one.title, locale),
            [code for code in one.title if one.title[code]],
            one.public,
            one.updated_at,
        )
        for one in found
        if not sought or any(sought in text.casefold() for text in (*one.title.values(), one.slug))
    ]
    return sorted(listed, key=lambda one: one.title.casefold())


def article_fields(form: Mapping[str, object], locales: Sequence[str]) -> ArticleInput:
    """The article that a form describes (`title.ru`, `body.ru`); raises `NotAccepted`."""
    told: dict[str, Any] = {"slug": _text(form, "slug"), "public": _text(form, "public") == "yes"}
    for name in ("title", "body"):
        told[name] = {code: text for code in locales if (text := _text(form, f"{name}.{code}"))}
    try:
        return ArticleInput.model_validate(told)
    except ValidationError as error:
        where = str(error.errors()[0]["loc"][0])
        raise NotAccepted(PROBLEMS.get(where, PROBLEMS["body"]), field=where) from error


async def article_of(session: TenantSession, actor: Actor, article_id: UUID) -> Article:
    """An article, public or not; raises `NotAllowed` or `NotFound`."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    found = await session.get(Article, article_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no such article.")
    return found


async def create_article(session: TenantSession, actor: Actor, fields: ArticleInput) -> Article:
    """A new article; raises `NotAllowed` or `SlugTaken`."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    await _refuse_taken(session, fields.slug, None)
    article = Article(id=uuid4(), **fields.model_dump())
    session.add(article)
    await session.flush()
    await record(session, actor, "article.created", "article", article.id, after=_told(article))
    await follow(session, actor, "article", [article.id], (HOME, HELP))
    return article


async def edit_article(
    session: TenantSession,
    actor: Actor,
    article_id: UUID,
    seen: int,
    fields: ArticleInput,
    locales: Sequence[str],
) -> Article:
    """Make an article what `fields` say; texts in other than `locales` stay.

    Raises `NotAllowed`, `NotFound`, `SlugTaken`, or `Conflict` unless `seen` is its version.
    """
    article = await _to_edit(session, actor, article_id)
    if article.version != seen:
        raise Conflict("Somebody else changed this while you were editing.")
    await _refuse_taken(session, fields.slug, article_id)
    before = _told(article)
    for name, value in fields.model_dump().items():
        if name in ("title", "body"):
            stays = {code: text for code, text in before[name].items() if code not in locales}
            setattr(article, name, stays | value)
        else:
            setattr(article, name, value)
    was, is_now = changes(before, _told(article))
    if not is_now:
        return article
    article.version += 1
    article.updated_at = datetime.now(UTC)
    session.add(article)
    await session.flush()
    if article.slug != before["slug"]:
        await keep_former(session, article.id, before["slug"])
    await record(session, actor, "article.edited", "article", article.id, before=was, after=is_now)
    await follow(session, actor, "article", [article.id], (HOME, HELP))
    return article


async def delete_article(session: TenantSession, actor: Actor, article_id: UUID) -> None:
    """Delete an article for good; the audit log keeps what it said."""
    article = await _to_edit(session, actor, article_id)
    before = _told(article)
    await session.delete(article)
    await session.flush()
    await record(session, actor, "article.deleted", "article", article_id, before=before)
    await follow(session, actor, "article", [article_id], (HOME, HELP))


async def _to_edit(session: TenantSession, actor: Actor, article_id: UUID) -> Article:
    actor.must(Permission.EDIT_KNOWLEDGE)
    article = await session.get(Article, article_id, with_for_update=True, populate_existing=True)
    if article is None:
        raise NotFound("There is no such article.")
    return article


async def _refuse_taken(session: TenantSession, slug: str, but: UUID | None) -> None:
    query = select(Article.id).where(Article.slug == slug)
    if but is not None:
        query = query.where(col(Article.id) != but)
    if (await session.exec(query)).first() is not None:
        raise SlugTaken("Another article has this address already.")


def _told(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in ("slug", "title", "body", "public")}


def _text(form: Mapping[str, object], name: str) -> str:
    value = form.get(name)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

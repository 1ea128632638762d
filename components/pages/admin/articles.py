"""The help articles: the list, and the editor with its preview beside."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.fields import choice_field, save_bar, text_field
from components.pages.admin.panels import badge, confirm, conflict, empty, panel, skeleton
from components.pages.admin.shell import shell
from components.pages.admin.tables import cell, row, table
from components.text import _
from state.admin.articles import ArticleRow, ArticlesState, ArticleState, ArticleTexts
from state.page import PageState


def articles() -> rx.Component:
    """The list."""
    return shell(
        _("Help articles"),
        panel(
            _("Articles"),
            rx.el.form(
                text_field(
                    "words",
                    _("Title or address"),
                    ArticlesState.words,
                    kind="search",
                    class_name="flex-1",
                ),
                rx.el.button(icon("search"), _("Find"), type="submit", class_name="btn btn-quiet"),
                on_submit=ArticlesState.search,
                class_name="flex flex-wrap items-end gap-3 mb-5",
            ),
            rx.cond(
                ArticlesState.loaded,
                rx.cond(
                    ArticlesState.rows.length() > 0,
                    table(
                        _("Articles"),
                        (_("Article"), _("Languages"), _("State"), _("Changed")),
                        rx.foreach(ArticlesState.rows, _article),
                    ),
                    empty(
                        "file-text", _("Nothing found"), _("Write an article, or look for others.")
                    ),
                ),
                skeleton(5),
            ),
        ),
        about=_("What visitors read under Help, and what Maestro answers from."),
        actions=(
            link(
                icon("plus"),
                _("New article"),
                href=PageState.home + "/admin/articles/new",
                class_name="btn",
            ),
        ),
    )


def _article(one: rx.vars.ObjectVar[ArticleRow]) -> rx.Component:
    return row(
        cell(
            _("Article"),
            link(
                rx.el.bdi(one.title),
                href=PageState.home + "/admin/articles/" + one.id.to(str),
                class_name="link break-words",
            ),
            rx.el.p(rx.el.bdi(one.slug), class_name="text-sm text-muted break-all"),
        ),
        cell(_("Languages"), one.languages),
        cell(
            _("State"),
            rx.cond(one.public, badge(_("published"), "good"), badge(_("draft"))),
        ),
        cell(_("Changed"), one.changed, class_name="tabular-nums"),
        key=one.id,
    )


def article_editor() -> rx.Component:
    """The page of one article."""
    saved = ArticleState.article_id != ""
    return shell(
        rx.cond(saved, _("Article"), _("New article")),
        conflict(
            ArticleState.conflicts,
            keep_mine=ArticleState.keep_mine,
            take_theirs=ArticleState.take_theirs,
        ),
        rx.cond(ArticleState.ready, _form(), skeleton(6)),
        undo=ArticleState.undo,
        actions=(
            rx.cond(
                saved & (ArticleState.public == "yes"),
                link(
                    icon("eye"),
                    _("Public page"),
                    href=ArticleState.public_path,
                    class_name="btn btn-quiet",
                ),
            ),
            rx.cond(
                saved,
                confirm(
                    "delete",
                    _("Delete"),
                    _("Delete this article?"),
                    _("It leaves the pages and the search, and cannot be brought back."),
                    _("Delete"),
                    ArticleState.delete,
                ),
            ),
        ),
    )


def _problem(name: str) -> rx.Var[str]:
    return rx.cond(ArticleState.problem_field == name, ArticleState.problem, "").to(str)


def _form() -> rx.Component:
    return rx.el.form(
        panel(
            _("Address and state"),
            rx.el.div(
                text_field(
                    "slug",
                    _("Address"),
                    ArticleState.slug,
                    problem=_problem("slug"),
                    hint=_("The end of the page's address, such as how-to-cancel."),
                    max_length=100,
                    required=True,
                    dir="ltr",
                ),
                choice_field(
                    "public",
                    _("State"),
                    (("no", _("draft")), ("yes", _("published"))),
                    ArticleState.public,
                ),
                class_name="grid gap-4 sm:grid-cols-2",
            ),
        ),
        rx.foreach(ArticleState.texts, _texts),
        save_bar(),
        on_submit=ArticleState.save,
        key=ArticleState.article_id.to(str) + "-" + ArticleState.version.to(str),
        class_name="grid gap-5",
    )


def _texts(one: rx.vars.ObjectVar[ArticleTexts]) -> rx.Component:
    return panel(
        one.language,
        rx.el.div(
            rx.el.div(
                text_field(
                    f"title.{one.code}",
                    _("Title"),
                    one.title,
                    problem=_problem("title"),
                    max_length=200,
                    lang=one.code,
                    dir="auto",
                ),
                text_field(
                    f"body.{one.code}",
                    _("Text"),
                    one.body,
                    problem=_problem("body"),
                    hint=_("Markdown: **bold**, # heading, - list, [link](address)."),
                    rows=16,
                    lang=one.code,
                    dir="auto",
                    on_change=ArticleState.preview(one.code).debounce(300),
                ),
                class_name="grid gap-4 content-start min-w-0",
            ),
            rx.el.div(
                rx.el.p(_("Preview"), class_name="mb-1.5 font-medium"),
                # Cleaned on the server, as on the public page.
                rx.html(
                    one.html,
                    lang=one.code,
                    dir="auto",
                    class_name="reading rounded-md border border-line p-4 min-h-32 break-words",
                ),
                class_name="min-w-0",
            ),
            class_name="grid gap-5 xl:grid-cols-2",
        ),
    )

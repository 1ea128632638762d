"""The brand: colour, font, logo, and the words on the sign, with a preview beside."""

from typing import Any

import reflex as rx

from app.rendering.native import form
from components.design import inline_style
from components.icons import icon
from components.pages.admin.fields import choice_field, save_bar, text_field
from components.pages.admin.panels import badge, confirm, conflict, panel, wrong
from components.pages.admin.shell import shell
from components.text import _
from state.admin.brand import BrandState, Texts, Verdict
from state.locale import LocaleState


def brand() -> rx.Component:
    """The page of the brand."""
    return shell(
        _("Brand"),
        conflict(
            BrandState.conflicts,
            keep_mine=BrandState.keep_mine,
            take_theirs=BrandState.take_theirs,
        ),
        rx.el.div(
            rx.el.div(_sign(), _logo(), class_name="grid gap-5 content-start"),
            _preview(),
            class_name="grid gap-5 xl:grid-cols-[minmax(0,1fr)_26rem]",
        ),
        about=_("What visitors see first: the colour, the logo and the words on the sign."),
        undo=BrandState.undo,
    )


def _sign() -> rx.Component:
    return panel(
        _("Colour, font and words"),
        rx.el.form(
            rx.el.div(
                rx.el.div(
                    rx.el.label(
                        _("Colour"), html_for="color", class_name="block mb-1.5 font-medium"
                    ),
                    rx.el.input(
                        type="color",
                        id="color",
                        name="color",
                        default_value=BrandState.color,
                        on_change=BrandState.try_color.debounce(120),
                        class_name="field p-1.5 cursor-pointer",
                    ),
                ),
                choice_field(
                    "font",
                    _("Font"),
                    (
                        ("onest", "Onest"),
                        ("literata", "Literata"),
                        ("nunito", "Nunito"),
                        ("system", _("The reader's own")),
                    ),
                    BrandState.font,
                    on_change=BrandState.try_font,
                ),
                class_name="grid gap-5 sm:grid-cols-2",
            ),
            rx.el.ul(
                rx.foreach(BrandState.verdicts, _verdict), class_name="grid gap-1.5 mt-4 text-sm"
            ),
            rx.foreach(BrandState.texts, _texts),
            save_bar(),
            on_submit=BrandState.save,
            key=BrandState.version.to(str),
        ),
    )


def _verdict(one: rx.vars.ObjectVar[Verdict]) -> rx.Component:
    return rx.el.li(
        badge(
            rx.cond(one.scheme == "light", _("Light"), _("Dark")),
            rx.cond(one.moved, "warn", "good"),
        ),
        rx.el.span(
            rx.cond(
                one.moved,
                _(
                    "The colour has a contrast of %(given)s with the page, too little for text. "
                    "Text gets a nearby one with %(text)s, buttons have %(button)s.",
                    given=one.given,
                    text=one.text,
                    button=one.button,
                ),
                _(
                    "Reads well: text has a contrast of %(text)s, buttons %(button)s.",
                    text=one.text,
                    button=one.button,
                ),
            ),
            class_name="text-muted",
        ),
        class_name="flex flex-wrap sm:flex-nowrap items-start gap-2",
    )


def _texts(row: rx.vars.ObjectVar[Texts]) -> rx.Component:
    def field(kind: str, label: rx.Var[str], value: rx.Var[str], longest: int) -> rx.Component:
        name: Any = f"{kind}.{row.code}"
        return text_field(
            name,
            label,
            value,
            max_length=longest,
            lang=row.code,
            dir="auto",
            on_change=BrandState.try_text(row.code, kind).debounce(150),
            problem=rx.cond(BrandState.problem_field == name, BrandState.problem, ""),
        )

    return rx.el.fieldset(
        rx.el.legend(row.language, class_name="font-medium text-muted mb-2"),
        rx.el.div(
            field("name", _("Name"), row.name, 60),
            field("tagline", _("Tagline"), row.tagline, 140),
            class_name="grid gap-4 sm:grid-cols-[2fr_3fr]",
        ),
        class_name="mt-6",
    )


def _logo() -> rx.Component:
    return panel(
        _("Logo"),
        rx.cond(BrandState.logo_problem != "", wrong(BrandState.logo_problem, id="logo-problem")),
        rx.el.div(
            *(
                rx.el.div(
                    rx.cond(
                        BrandState.logo != "",
                        rx.el.img(
                            src=BrandState.logo,
                            alt=_("The logo"),
                            class_name="h-10 w-auto max-w-full object-contain",
                        ),
                        rx.el.span(icon("photo", "size-8"), class_name="opacity-60"),
                    ),
                    class_name=(
                        "grid place-items-center min-h-24 p-4 rounded-md border border-line"
                    ),
                    custom_attrs={"style": {"background": paper, "color": ink}},
                )
                for paper, ink in (("#faf8f4", "#1c1b19"), ("#15171a", "#ecebe7"))
            ),
            class_name="grid grid-cols-2 gap-3 my-4",
        ),
        form(
            rx.el.input(type="hidden", name="version", value=BrandState.version, read_only=True),
            rx.el.input(type="hidden", name="locale", value=LocaleState.language, read_only=True),
            rx.el.label(_("Image"), html_for="logo-file", class_name="block mb-1.5 font-medium"),
            rx.el.input(
                type="file",
                id="logo-file",
                name="file",
                accept="image/png,image/jpeg,image/webp",
                required=True,
                class_name="field",
                custom_attrs={"aria-describedby": "logo-hint"},
            ),
            rx.el.p(
                _("PNG, JPEG or WebP, at most 1 MB. It is shown 32 pixels high."),
                id="logo-hint",
                class_name="text-sm text-muted mt-1.5",
            ),
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    name="alone",
                    default_checked=BrandState.logo_alone,
                    class_name="admin-tick",
                ),
                rx.el.span(_("The logo has the name in it: do not write it beside")),
                class_name="flex gap-3 items-start py-2.5 min-h-11 mt-2",
            ),
            rx.el.button(
                icon("upload"), _("Upload the logo"), type="submit", class_name="btn mt-3"
            ),
            action="/console/logo",
            method="post",
            enc_type="multipart/form-data",
        ),
        actions=(
            rx.cond(
                BrandState.logo != "",
                confirm(
                    "logo",
                    _("Take down"),
                    _("Take the logo down?"),
                    _("Visitors see the mark and the name instead."),
                    _("Take down"),
                    BrandState.remove_logo,
                ),
            ),
        ),
    )


def _preview() -> rx.Component:
    return panel(
        _("Preview"),
        rx.el.div(
            _scene(BrandState.light, _("Light")),
            _scene(BrandState.dark, _("Dark")),
            class_name="grid gap-4 sm:grid-cols-2 xl:grid-cols-1",
        ),
        about=_("As you choose. Nothing changes for visitors until you save."),
        id="preview",
    )


def _scene(style: rx.Var[dict[str, str]], name: rx.Var[str]) -> rx.Component:
    return rx.el.figure(
        rx.el.div(
            rx.el.div(
                rx.cond(
                    BrandState.logo != "",
                    rx.el.img(src=BrandState.logo, alt="", class_name="h-7 w-auto max-w-32"),
                    rx.el.span(class_name="admin-stone"),
                ),
                rx.el.span(
                    BrandState.tried_name,
                    class_name=rx.cond(
                        (BrandState.logo != "") & BrandState.logo_alone, "sr-only", "truncate"
                    ),
                ),
                class_name="flex items-center gap-2 font-semibold pb-3 border-b border-line",
            ),
            rx.el.p(BrandState.tried_tagline, class_name="text-xl font-semibold mt-4"),
            rx.el.p(
                _("Plumbers, tutors, photographers: all near you."),
                class_name="text-muted text-sm mt-1",
            ),
            rx.el.div(
                rx.el.span(icon("message-circle"), _("Ask"), class_name="btn"),
                rx.el.span(_("All help"), class_name="link"),
                class_name="flex flex-wrap items-center gap-4 mt-4",
            ),
            class_name="admin-scene",
            custom_attrs=inline_style(style),
        ),
        rx.el.figcaption(name, class_name="text-sm text-muted mt-1.5"),
    )

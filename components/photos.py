"""Photos of listings: on a card, in the gallery of a page, and where they are hung."""

from collections.abc import Sequence

import reflex as rx

from app.catalogue.cards import ListingCard
from app.catalogue.photos.drawing import LARGEST
from app.catalogue.photos.hanging import LONGEST_ALT, MOST
from app.catalogue.photos.showing import ShownPhoto
from app.rendering.native import form
from components.design import inline_style, tile
from components.icons import icon
from components.pages.admin.fields import text_field
from components.pages.admin.panels import confirm_of, panel
from components.text import _
from state.locale import LocaleState
from state.photos import AltText, HungPhoto, PhotosState

ACCEPTED = "image/jpeg,image/png,image/webp,image/avif,image/gif"


def cover(card: rx.vars.ObjectVar[ListingCard], class_name: str) -> rx.Component:
    """The picture of a card: the listing's first photo, or its tile."""
    return rx.cond(
        card.photo != "",
        rx.el.picture(
            rx.el.source(
                type="image/avif", src_set=card.photo_avif, sizes="(width>=40rem) 24rem,6rem"
            ),
            # The title beside it says what it is of.
            rx.el.img(src=card.photo, alt="", loading="lazy"),
            class_name=f"photo {class_name}",
            custom_attrs=inline_style({"--p": card.photo_tint}),
        ),
        tile(card.symbol, card.hue, card.pattern, class_name),
    )


def gallery(photos: rx.vars.ArrayVar[Sequence[ShownPhoto]]) -> rx.Component:
    """All photos of a listing beside each other, to be swiped through."""
    return rx.el.ul(
        rx.foreach(photos, _photo),
        class_name="gallery",
        # Who has no pointer scrolls it with the arrow keys, once it has the focus.
        tab_index=rx.cond(photos.length() > 1, 0, -1),
        aria_label=_("Photos"),
    )


def _photo(photo: rx.vars.ObjectVar[ShownPhoto], place: rx.Var[int]) -> rx.Component:
    sizes = "(width>=64rem) 44rem,94vw"
    return rx.el.li(
        rx.el.picture(
            rx.el.source(type="image/avif", src_set=photo.avif, sizes=sizes),
            rx.el.img(
                src=photo.src,
                src_set=photo.webp,
                sizes=sizes,
                alt=photo.alt,
                loading=rx.cond(place == 0, "eager", "lazy"),
                class_name=rx.cond(photo.tall, "whole", ""),
                # As keywords they would become styles, and larger than the place there is.
                custom_attrs={"width": photo.width, "height": photo.height},
            ),
        ),
        class_name="photo",
        custom_attrs=inline_style({"--p": photo.tint}),
    )


def photo_editor(page: str) -> rx.Component:
    """The panel in which photos are hung; `page` is `office` or `admin`, where it stands."""
    return panel(
        _("Photos"),
        rx.el.script(src="/photos.js", defer=True, custom_attrs={"data-now": ""}),
        rx.cond(
            PhotosState.problems.length() > 0,
            rx.el.div(
                # With the role of an alert the list itself would be none any more.
                rx.el.ul(rx.foreach(PhotosState.problems, _problem), class_name="grid gap-1"),
                role="alert",
                class_name="p-3.5 mb-4 rounded-md border border-current text-danger",
            ),
        ),
        rx.el.ul(
            rx.foreach(PhotosState.photos, _hung),
            class_name="grid gap-4 grid-cols-2 md:grid-cols-4 mb-4 empty:hidden",
        ),
        rx.cond(
            PhotosState.room > 0,
            _chooser(page),
            rx.el.p(_("There is no room for more photos."), class_name="text-muted"),
        ),
        about=_("The first stands on the cards and is shown where the page is shared."),
        id="photos",
    )


def _problem(text: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        icon("alert-circle", "size-5 flex-none mt-0.5"),
        rx.el.span(text, class_name="min-w-0 break-words", dir="auto"),
        class_name="flex gap-2.5",
    )


def _chooser(page: str) -> rx.Component:
    return form(
        rx.el.input(type="hidden", name="locale", value=LocaleState.language, read_only=True),
        rx.el.input(type="hidden", name="page", value=page, read_only=True),
        rx.el.label(
            _("Choose photos, or drop them here"),
            html_for="photo-files",
            class_name="block mb-1.5 font-medium",
        ),
        rx.el.input(
            type="file",
            id="photo-files",
            name="files",
            multiple=True,
            required=True,
            accept=ACCEPTED,
            class_name="photo-drop",
            custom_attrs={"aria-describedby": "photo-files-hint"},
        ),
        rx.el.p(
            _(
                "JPEG, PNG, WebP, AVIF or GIF, up to %(mb)s MB each, at most %(count)s.",
                mb=LARGEST // 1024 // 1024,
                count=MOST,
            ),
            " ",
            _("Where and with what they were taken is not kept."),
            id="photo-files-hint",
            class_name="text-sm text-muted mt-1.5",
        ),
        rx.el.progress(hidden=True, aria_label=_("Sending"), class_name="admin-progress mt-3"),
        rx.el.button(
            icon("upload"), _("Add the photos"), type="submit", class_name="btn btn-quiet mt-3"
        ),
        # What the script presses when all files are sent; see assets/photos.js.
        rx.el.button(
            type="button",
            id="photos-arrived",
            hidden=True,
            on_click=rx.call_script("window.agoraPhotos()", callback=PhotosState.arrived),
            custom_attrs={"data-lost": _("The file did not get through. Try again.")},
        ),
        action="/files/listings/" + PhotosState.listing_id.to(str),
        method="post",
        enc_type="multipart/form-data",
        custom_attrs={"data-photos": ""},
    )


def _hung(photo: rx.vars.ObjectVar[HungPhoto]) -> rx.Component:
    number = photo.number.to(str)
    return rx.el.li(
        rx.el.div(
            rx.el.img(
                src=photo.src, alt=_("Photo %(number)s", number=photo.number), loading="lazy"
            ),
            class_name="photo aspect-3/2 rounded-md",
            custom_attrs=inline_style({"--p": photo.tint}),
        ),
        rx.el.div(
            _place("chevron-left", _("Earlier"), photo, photo.earlier, photo.first),
            rx.el.span(number, class_name="text-sm text-muted tabular-nums"),
            _place("chevron-right", _("Later"), photo, photo.later, photo.last),
            class_name="flex items-center justify-between",
        ),
        rx.el.details(
            rx.el.summary(_("Describe it"), class_name="link text-sm py-2 cursor-pointer"),
            rx.el.form(
                rx.el.input(type="hidden", name="photo", value=photo.id, read_only=True),
                rx.foreach(photo.texts, lambda text: _alt(photo, text)),
                rx.el.button(_("Save"), type="submit", class_name="btn btn-quiet"),
                on_submit=PhotosState.describe,
                class_name="grid gap-2",
            ),
        ),
        confirm_of(
            ("photo-" + photo.id.to(str)).to(str),
            _("Delete"),
            _("Delete this photo?"),
            _("It leaves the pages and cannot be brought back."),
            _("Delete"),
            PhotosState.remove(photo.id),
            opener_class="link text-sm text-danger! py-2",
        ),
        key=photo.id,
        class_name="min-w-0",
    )


def _place(
    symbol: str,
    name: rx.Var[str],
    photo: rx.vars.ObjectVar[HungPhoto],
    place: rx.Var[int],
    disabled: rx.Var[bool],
) -> rx.Component:
    return rx.el.button(
        icon(symbol, "size-5 icon-along"),
        rx.el.span(name, class_name="sr-only"),
        type="button",
        disabled=disabled,
        on_click=PhotosState.move(photo.id, place),
        class_name="grid place-items-center size-11 disabled:opacity-30",
    )


def _alt(photo: rx.vars.ObjectVar[HungPhoto], text: rx.vars.ObjectVar[AltText]) -> rx.Component:
    return text_field(
        f"alt.{text.code}",
        text.language,
        text.text,
        id=f"alt-{photo.id}-{text.code}",
        max_length=LONGEST_ALT,
        lang=text.code,
        dir="auto",
    )

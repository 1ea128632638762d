"""Where a service is to be had: a sketch from the server, and a map of streets for who opens it."""

import reflex as rx

from app.catalogue.areas import HEIGHT, MIDDLE, WIDTH, Area, MapPlace
from components.icons import icon
from components.text import _

_X, _Y = MIDDLE


def area_section(
    area: rx.vars.ObjectVar[Area], streets: rx.Var[str], tile_host: rx.Var[str]
) -> rx.Component:
    """The sketch with its caption; below it the map, where the installation has one."""
    return rx.el.section(
        rx.el.h2(_("Where"), class_name="text-xl"),
        rx.el.figure(
            _sketch(area),
            rx.el.figcaption(area.caption, class_name="text-sm text-muted mt-2"),
            class_name="mt-3",
        ),
        rx.cond(streets != "", _streets(streets, tile_host)),
        class_name="max-w-lg",
    )


def _sketch(area: rx.vars.ObjectVar[Area]) -> rx.Component:
    return rx.el.svg(
        rx.el.svg.path(d=area.grid, class_name="grid-lines"),
        rx.cond(
            area.reach != 0,
            rx.el.svg.circle(cx=str(_X), cy=str(_Y), r=area.reach.to_string(), class_name="reach"),
            rx.el.svg.circle(cx=str(_X), cy=str(_Y), r="15", class_name="halo"),
        ),
        rx.foreach(area.places, _place),
        rx.el.svg.circle(cx=str(_X), cy=str(_Y), r="5", class_name="here"),
        rx.el.svg.path(d=area.scale, class_name="scale"),
        rx.el.svg.text(area.distance, x=area.scale_end.to_string(), y=str(HEIGHT - 24)),
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=area.words,
        class_name="sketch",
    )


def _place(place: rx.vars.ObjectVar[MapPlace]) -> rx.Component:
    return rx.fragment(
        rx.el.svg.circle(cx=place.x.to_string(), cy=place.y.to_string(), r="3"),
        rx.el.svg.text(
            place.name,
            x=place.x.to_string(),
            y=place.name_y.to_string(),
            class_name=rx.cond(place.own, "own", "town"),
        ),
    )


def _streets(streets: rx.Var[str], tile_host: rx.Var[str]) -> rx.Component:
    # The browser opens it; what draws the map is fetched when the focus comes here.
    return rx.el.details(
        rx.el.summary(
            icon("map-pin", "size-4"),
            _("Show the streets"),
            icon("chevron-down", "size-4"),
            class_name="nav -ms-3 list-none [&::-webkit-details-marker]:hidden text-sm",
            # Some browsers focus what is pressed only where it says that it can be.
            tab_index=0,
            custom_attrs={"data-script": "/streets.js"},
        ),
        rx.el.div(
            rx.el.noscript(_("The map of streets needs JavaScript.")),
            class_name="h-80 md:h-96 mt-1 rounded-lg border border-line bg-sunken overflow-hidden",
            custom_attrs={"data-streets": streets},
        ),
        rx.el.p(
            _(
                "The streets are fetched from %(host)s, which learns your network address.",
                host=tile_host,
            ),
            class_name="text-xs text-muted mt-2",
        ),
        class_name="mt-2 unprinted",
    )

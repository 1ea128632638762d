"""Chat models: who answers for whom, the servers they are at, what they may cost, a trial."""

from typing import Any

import reflex as rx

from app.inference.presets import DIMENSIONS
from components.icons import icon
from components.pages.admin.embedders import embedders
from components.pages.admin.fields import choice_field, labelled, save_bar, text_field, tick
from components.pages.admin.model_chains import chains, limits
from components.pages.admin.panels import badge, confirm_of, empty, panel, skeleton, wrong
from components.pages.admin.shell import shell
from components.pages.admin.tables import cell, row, table
from components.text import _
from state.admin.model_rows import EndpointRow, ModelRow
from state.admin.model_trial import ModelTrialState
from state.admin.models import ModelsState


def models() -> rx.Component:
    """The page."""
    return shell(
        _("Chat models"),
        rx.cond(
            ModelsState.loaded,
            rx.fragment(_endpoints(), _models(), chains(), embedders(), _trial(), limits()),
            panel(_("Servers"), skeleton(4)),
        ),
        about=_(
            "Which models write the answers. Without any, answers are composed from what was "
            "found, word for word, and cost nothing."
        ),
    )


def _endpoints() -> rx.Component:
    return panel(
        _("Servers"),
        rx.cond(
            ModelsState.endpoints.length() > 0,
            table(
                _("Servers of chat models"),
                (_("Name"), _("Kind"), _("Address"), _("Key"), _("Actions")),
                rx.foreach(ModelsState.endpoints, _endpoint),
            ),
            empty(
                "brain",
                _("No server yet"),
                _("Add a vendor, or a server of your own that speaks OpenAI's protocol."),
            ),
        ),
        rx.el.details(
            rx.el.summary(_("Add a server"), class_name="btn btn-quiet w-fit mt-4"),
            rx.el.form(
                rx.el.div(
                    choice_field("preset", _("Vendor or kind"), ModelsState.presets),
                    text_field("name", _("Name"), required=True, max_length=120),
                    text_field(
                        "urls",
                        _("Addresses"),
                        hint=_("One per line for several copies; the vendor's own when empty."),
                        rows=2,
                        dir="ltr",
                    ),
                    _secret_field("secret"),
                    text_field("folder", _("Folder (YandexGPT)"), dir="ltr"),
                    choice_field(
                        "scope",
                        _("Scope (GigaChat)"),
                        (
                            ("", "—"),
                            ("GIGACHAT_API_PERS", "GIGACHAT_API_PERS"),
                            ("GIGACHAT_API_B2B", "GIGACHAT_API_B2B"),
                            ("GIGACHAT_API_CORP", "GIGACHAT_API_CORP"),
                        ),
                    ),
                    text_field(
                        "ca",
                        _("Certificate to trust"),
                        hint=_("In PEM form, where the server has one of an authority of its own."),
                        rows=2,
                        dir="ltr",
                    ),
                    class_name="grid gap-4 sm:grid-cols-2 mt-4",
                ),
                save_bar(verb=_("Add the server")),
                on_submit=ModelsState.add_endpoint,
                key="endpoint-" + ModelsState.changed.to(str),
            ),
        ),
        id="endpoints",
    )


def _secret_field(name: str) -> rx.Component:
    return labelled(
        name,
        _("Key"),
        rx.el.input(
            type="password",
            id=name,
            name=name,
            class_name="field",
            auto_complete="new-password",
            dir="ltr",
        ),
        hint=_("It is kept sealed and never shown again."),
    )


def _endpoint(one: rx.vars.ObjectVar[EndpointRow]) -> rx.Component:
    return row(
        cell(
            _("Name"),
            rx.el.bdi(one.name, class_name="font-medium"),
            rx.cond(one.enabled, rx.fragment(), badge(_("switched off"), "warn")),
        ),
        cell(_("Kind"), one.kind),
        cell(_("Address"), rx.el.span(one.addresses, class_name="break-all", dir="ltr")),
        cell(_("Key"), rx.cond(one.has_key, badge(_("is set"), "good"), badge(_("none")))),
        cell(
            _("Actions"),
            rx.el.div(
                rx.cond(
                    one.enabled,
                    _act(
                        _("Switch off"),
                        ModelsState.switch_endpoint(one.id, one.version, False),
                    ),
                    _act(_("Switch on"), ModelsState.switch_endpoint(one.id, one.version, True)),
                ),
                confirm_of(
                    rx.Var.create("endpoint-").to(str) + one.id.to(str),
                    _("Remove"),
                    _("Remove this server?"),
                    _("Its models go with it, also from the chains that they stand in."),
                    _("Remove"),
                    ModelsState.remove_endpoint(one.id, one.version),
                ),
                class_name="flex flex-wrap gap-2",
            ),
            rx.el.form(
                rx.el.input(
                    type="password",
                    name="secret",
                    aria_label=_("New key"),
                    placeholder=_("New key"),
                    auto_complete="new-password",
                    class_name="field",
                    dir="ltr",
                ),
                rx.el.button(_("Change"), type="submit", class_name="btn btn-quiet"),
                on_submit=lambda form: ModelsState.change_key(one.id, one.version, form),
                key=one.id.to(str) + "-" + one.version.to(str),
                class_name="flex gap-2 mt-2 max-w-72",
            ),
        ),
        key=one.id,
    )


def _models() -> rx.Component:
    return panel(
        _("Models"),
        rx.cond(
            ModelsState.models.length() > 0,
            table(
                _("Models"),
                (
                    _("Model"),
                    _("Server"),
                    _("Context"),
                    _("Price of a million tokens, asked / said"),
                    _("Answers / failures since the start"),
                    _("Actions"),
                ),
                rx.foreach(ModelsState.models, _model),
            ),
            rx.el.p(_("No model yet."), class_name="text-muted"),
        ),
        rx.cond(
            ModelsState.places.length() > 0,
            rx.el.details(
                rx.el.summary(_("Add a model"), class_name="btn btn-quiet w-fit mt-4"),
                rx.el.form(
                    rx.el.div(
                        choice_field("endpoint", _("Server"), ModelsState.places),
                        text_field("model", _("Model"), required=True, dir="ltr"),
                        text_field(
                            "adapter_of",
                            _("Adapter on"),
                            hint=_("The base model, where this is an adapter on one."),
                            dir="ltr",
                        ),
                        text_field("context", _("Context, in tokens"), "8192", kind="number"),
                        choice_field(
                            "dimensions",
                            _("Numbers of a vector"),
                            (("0", _("none, it writes")), *((str(n), str(n)) for n in DIMENSIONS)),
                        ),
                        text_field(
                            "query_prefix",
                            _("Before a query"),
                            hint=_("Such as “query: ” for e5; spaces count."),
                            dir="ltr",
                        ),
                        text_field("passage_prefix", _("Before a text"), dir="ltr"),
                        text_field("price_in", _("Price of a million tokens asked"), "0"),
                        text_field("price_out", _("Price of a million tokens said"), "0"),
                        class_name="grid gap-4 sm:grid-cols-2 mt-4",
                    ),
                    tick("tools", _("It can call tools")),
                    tick("json_output", _("It keeps to a JSON schema")),
                    save_bar(verb=_("Add the model")),
                    on_submit=ModelsState.add_model,
                    key="model-" + ModelsState.changed.to(str),
                ),
            ),
        ),
        id="models",
    )


def _model(one: rx.vars.ObjectVar[ModelRow]) -> rx.Component:
    return row(
        cell(_("Model"), rx.el.bdi(one.name, class_name="font-medium break-all")),
        cell(
            _("Server"),
            rx.el.bdi(one.endpoint),
            rx.cond(one.own, rx.fragment(), badge(_("of the platform"))),
        ),
        cell(_("Context"), one.context, class_name="tabular-nums"),
        cell(_("Price of a million tokens, asked / said"), one.price, class_name="tabular-nums"),
        cell(_("Answers / failures since the start"), one.answers, class_name="tabular-nums"),
        cell(
            _("Actions"),
            rx.cond(
                one.own,
                confirm_of(
                    rx.Var.create("model-").to(str) + one.id.to(str),
                    _("Remove"),
                    _("Remove this model?"),
                    _("It also leaves the chains that it stands in."),
                    _("Remove"),
                    ModelsState.remove_model(one.id, one.version),
                ),
                rx.el.span("—", class_name="text-muted"),
            ),
        ),
        key=one.id,
    )


def _trial() -> rx.Component:
    return rx.cond(
        ModelsState.choices.length() > 0,
        panel(
            _("Try it"),
            rx.el.form(
                choice_field("model", _("Model"), ModelsState.choices),
                text_field("question", _("Question"), rows=2, required=True, max_length=1000),
                rx.el.button(
                    icon("bolt"),
                    _("Ask the model"),
                    type="submit",
                    disabled=ModelTrialState.busy,
                    class_name="btn justify-self-start",
                ),
                on_submit=ModelTrialState.ask,
                class_name="grid gap-4 max-w-2xl",
            ),
            rx.el.div(
                rx.cond(ModelTrialState.problem != "", wrong(ModelTrialState.problem)),
                rx.cond(
                    ModelTrialState.text != "",
                    rx.el.p(
                        ModelTrialState.text,
                        class_name="whitespace-pre-line wrap-anywhere",
                        dir="auto",
                    ),
                ),
                rx.cond(
                    ModelTrialState.figures != "",
                    rx.el.p(ModelTrialState.figures, class_name="text-sm text-muted mt-3"),
                ),
                aria_busy=ModelTrialState.busy,
                class_name="mt-4",
                custom_attrs={"aria-live": "polite"},
            ),
            about=_("One question to one model. It counts against the budget."),
            id="trial",
        ),
    )


def _act(text: rx.Var[str], event: Any) -> rx.Component:
    return rx.el.button(text, type="button", on_click=event, class_name="btn btn-quiet")

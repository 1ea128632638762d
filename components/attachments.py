"""Files in the chat: chosen in the composer, waiting above it, and shown beside their message."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.text import _
from state.attaching import AttachingState
from state.attachments import AttachmentState, FileChip
from state.messages import Message
from state.session import SessionState

ACCEPTED = ".pdf,.docx,.pptx,.xlsx,.xls,.ods,.html,.htm,.md,.markdown,.txt,.csv,.tsv"


def attach_button() -> rx.Component:
    """The paperclip, for who is signed in; `attach.js` opens the choice of files."""
    return rx.cond(
        SessionState.signed_in,
        rx.el.button(
            icon("paperclip"),
            rx.el.span(_("Attach files"), class_name="sr-only"),
            type="button",
            title=_limits(),
            class_name="attach-button",
            custom_attrs={"data-attach": ""},
        ),
    )


def attach_parts() -> rx.Component:
    """What the paperclip works with. It stands outside of the form, which would send it along."""
    return rx.cond(
        SessionState.signed_in,
        rx.el.div(
            rx.el.input(
                type="file",
                id="attach",
                multiple=True,
                accept=ACCEPTED,
                aria_label=_("Attach files"),
                tab_index=-1,
            ),
            # What the browser presses once it has files; see assets/attach.js.
            rx.el.button(
                type="button",
                id="attach-begin",
                on_click=AttachingState.begin,
                custom_attrs={"data-lost": _("The file did not get through. Try again.")},
            ),
            hidden=True,
        ),
    )


def waiting_files() -> rx.Component:
    """The files that go with the next message."""
    return rx.cond(
        (AttachmentState.chips.length() > 0) | AttachmentState.sending,
        rx.el.ul(
            rx.foreach(AttachmentState.chips, _waiting),
            rx.cond(
                AttachmentState.sending,
                rx.el.li(
                    icon("upload", "size-4 flex-none"),
                    rx.el.span(_("Sending the file…"), class_name="pulse"),
                    class_name="file-chip",
                ),
            ),
            class_name="file-chips mb-2",
            aria_label=_("Files for your message"),
            aria_live="polite",
        ),
    )


def sent_files(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """The files that a message was sent with; links for who may open them."""
    return rx.cond(
        message.files.length() > 0,
        rx.el.ul(
            rx.foreach(message.files, _sent),
            class_name="file-chips justify-end mt-2",
            aria_label=_("Files"),
        ),
    )


def drop_hint() -> rx.Component:
    """What is shown over the conversation while a file is held above it."""
    return rx.el.div(
        icon("paperclip"),
        rx.el.span(_("Drop the files here")),
        class_name="drop-hint",
        custom_attrs={"aria-hidden": "true"},
    )


def _waiting(chip: rx.vars.ObjectVar[FileChip]) -> rx.Component:
    return rx.el.li(
        icon("file-text", "size-5 flex-none"),
        rx.el.span(
            rx.el.bdi(chip.name, class_name="file-name"),
            rx.el.span(
                rx.match(
                    chip.state,
                    ("waiting", rx.el.span(_("Reading…"), class_name="pulse")),
                    ("failed", rx.el.span(chip.problem, class_name="text-danger")),
                    rx.el.span(chip.size),
                ),
                class_name="file-about",
            ),
            class_name="min-w-0 grid",
        ),
        rx.el.button(
            icon("x", "size-4"),
            rx.el.span(_("Remove %(name)s", name=chip.name), class_name="sr-only"),
            type="button",
            on_click=AttachingState.remove(chip.id),
            class_name="file-remove",
        ),
        class_name="file-chip",
        custom_attrs={"data-file": chip.state},
    )


def _sent(chip: rx.vars.ObjectVar[FileChip]) -> rx.Component:
    about = (
        icon("file-text", "size-5 flex-none"),
        rx.el.span(
            rx.el.bdi(chip.name, class_name="file-name"),
            rx.el.span(chip.size, class_name="file-about"),
            class_name="min-w-0 grid",
        ),
    )
    return rx.el.li(
        rx.cond(
            chip.url != "",
            link(*about, href=chip.url, class_name="file-chip"),
            rx.el.span(*about, class_name="file-chip"),
        )
    )


def _limits() -> rx.Var[str]:
    return _(
        "PDF, Word, PowerPoint, Excel, HTML, Markdown, text or CSV; up to 5 files of 16 MB each."
    )

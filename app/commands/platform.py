"""Who runs the platform; here because its first owner can be named nowhere else."""

from typing import Annotated

import typer

from app.commands import ready_database, run
from app.commands.steps import console
from app.errors import AppError
from app.i18n import LOCALES, SOURCE
from app.markets.platform import welcome_owner

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def platform() -> None:
    """Keep `owner` a word of its own while it is the only one."""


@commands.command()
def owner(
    email: Annotated[str, typer.Argument(help="Whose e-mail address.")],
    locale: Annotated[str, typer.Option(help="The language of the link's page.")] = SOURCE,
) -> None:
    """Make somebody an owner of the platform, or print a link that invites them."""
    if locale not in LOCALES:
        raise AppError(
            "Languages that Agora speaks: %(known)s; not: %(unknown)s",
            known=", ".join(LOCALES),
            unknown=locale,
        )
    with ready_database():
        welcome = run(welcome_owner(email, locale))
    if not welcome.link:
        console.print(f"{welcome.email} is an owner of the platform now.", markup=False)
        return
    console.print("They have no account yet. This link makes one, once, for seven days:")
    console.print(f"  {welcome.link}", markup=False)

"""The database of Agora and its two roles, made by the embedded server's superuser.

`agora_owner` migrates and opens markets; `agora_app` serves. Neither may pass by row-level
security. Extensions are made here because only a superuser may.
"""

from psycopg import Connection, sql

OWNER = "agora_owner"
APP = "agora_app"
DATABASE = "agora"
EXTENSIONS = ("vector", "pg_trgm", "btree_gin", "unaccent")

_RIGHTS = {
    OWNER: sql.SQL("login createdb nosuperuser nobypassrls nocreaterole noreplication"),
    APP: sql.SQL("login nocreatedb nosuperuser nobypassrls nocreaterole noreplication"),
}


def make_roles(server: Connection[tuple[object, ...]], passwords: dict[str, str]) -> None:
    """Make the roles and the empty database; roles that exist get their rights anew.

    `server` is the superuser's connection to any database, in autocommit.
    """
    known = {row[0] for row in server.execute("select rolname from pg_roles")}
    for name, rights in _RIGHTS.items():
        verb = sql.SQL("alter" if name in known else "create")
        server.execute(
            sql.SQL("{} role {} with {} password {}").format(
                verb, sql.Identifier(name), rights, sql.Literal(passwords[name])
            )
        )
    if not server.execute("select from pg_database where datname = %s", [DATABASE]).rowcount:
        server.execute(
            sql.SQL("create database {} owner {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )
    server.execute(
        sql.SQL("revoke all on database {} from public").format(sql.Identifier(DATABASE))
    )
    server.execute(
        sql.SQL("grant connect on database {} to {}").format(
            sql.Identifier(DATABASE), sql.Identifier(APP)
        )
    )


def make_extensions(database: Connection[tuple[object, ...]]) -> None:
    """Make the extensions that migrations count on; `database` is the superuser's connection."""
    for extension in EXTENSIONS:
        database.execute(
            sql.SQL("create extension if not exists {}").format(sql.Identifier(extension))
        )

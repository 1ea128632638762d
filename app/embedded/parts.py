"""The parts that a command needs and that are started for it when nothing else is configured."""

import os
from collections.abc import Generator
from contextlib import contextmanager

from app.embedded.postgres import Postgres, start
from app.settings import settings

_URLS = ("DATABASE_URL", "DATABASE_OWNER_URL")


@contextmanager
def database() -> Generator[Postgres | None]:
    """Make sure of a database for the block: the configured one, or the embedded one.

    The embedded one is started, or joined when it runs already, and left at the end. Inside,
    `settings()` tells this process and its children how to reach it.
    """
    if settings().database_url is not None:
        yield None
        return
    before = {name: os.environ.get(name) for name in _URLS}
    with start(settings().home) as server:
        os.environ.update(zip(_URLS, (server.app_url, server.owner_url), strict=True))
        settings.cache_clear()
        try:
            yield server
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
            settings.cache_clear()

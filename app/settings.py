"""Every choice an operator can make by environment variable, in one frozen object.

Names start with `AGORA_`, save for three that hosting platforms set by themselves: `PORT`,
`DATABASE_URL` and `DATABASE_OWNER_URL`. `docs/settings.md` explains each; a test keeps that page
complete.
"""

import os
import secrets
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_KEY_LENGTH = 32
"""The fewest characters that a secret key given by hand may have."""


class Settings(BaseSettings):
    """What this installation was told; read it through `settings()`."""

    model_config = SettingsConfigDict(
        env_prefix="AGORA_",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        # A refused value may be a password.
        hide_input_in_errors=True,
    )

    environment: Literal["development", "production"] = "development"
    home: Path = Path(".agora")
    """The one folder that holds data: the embedded database, secrets, builds."""
    port: int = Field(
        default=8000, ge=1, le=65535, validation_alias=AliasChoices("AGORA_PORT", "PORT")
    )
    platform_host: str = "localhost"
    """The host of the platform's own pages; a market's default host is `KEY.` before it."""
    public_scheme: Literal["http", "https"] = "http"
    public_port: int | None = Field(default=None, ge=1, le=65535)
    """The port that visitors see; `port` in development, the scheme's own in production."""
    trusted_proxy_hops: int = Field(default=0, ge=0, le=8)
    """How many proxies in front add to X-Forwarded-For; with 0 the header is ignored."""

    database_url: str | None = Field(
        default=None,
        repr=False,
        validation_alias=AliasChoices("AGORA_DATABASE_URL", "DATABASE_URL"),
    )
    """Where the app role connects; without it `agora` starts the embedded Postgres."""
    database_owner_url: str | None = Field(
        default=None,
        repr=False,
        validation_alias=AliasChoices("AGORA_DATABASE_OWNER_URL", "DATABASE_OWNER_URL"),
    )
    """Where the owner role connects to migrate; serving never needs it."""
    database_pool_size: int = Field(default=5, ge=1, le=100)

    secret_key: str = Field(default="", repr=False)
    """Signs what leaves the server; made and kept in `home` in development."""

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("database_url", "database_owner_url", "public_port", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        # Compose files and CI often pass a variable that is set to nothing.
        return None if value == "" else value

    @model_validator(mode="after")
    def _refuse_weak_secrets(self) -> Self:
        if self.environment == "production" and len(self.secret_key) < SECRET_KEY_LENGTH:
            raise ValueError(
                f"AGORA_SECRET_KEY must be set to at least {SECRET_KEY_LENGTH} characters in "
                "production; make one with: python3 -c 'import secrets; "
                "print(secrets.token_urlsafe(48))'"
            )
        return self

    def origin(self, host: str) -> str:
        """Return scheme, `host` and the port visitors see, as in `http://kazan.localhost:8000`."""
        port = self.public_port
        if port is None and self.environment == "development":
            port = self.port
        if port is None or (self.public_scheme, port) in {("http", 80), ("https", 443)}:
            return f"{self.public_scheme}://{host}"
        return f"{self.public_scheme}://{host}:{port}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read from the environment once.

    Call `settings.cache_clear()` after changing the environment, as the launcher and tests do.
    """
    told = Settings()
    if told.secret_key:
        return told
    return told.model_copy(update={"secret_key": _kept_secret(told.home / "secret_key")})


def _kept_secret(path: Path) -> str:
    """Return the secret in `path`, made on first use and readable by this user alone."""
    if path.exists():
        return path.read_text()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        # Of two processes that start together the first one's secret stands, whole.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
    return path.read_text()

"""Every choice an operator can make by environment variable, in one frozen object.

Names start with `AGORA_`, save for three that hosting platforms set by themselves: `PORT`,
`DATABASE_URL` and `DATABASE_OWNER_URL`. `docs/settings.md` explains each; a test keeps that page
complete.
"""

import os
import secrets
import tempfile
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRET_KEY_LENGTH = 32
"""The fewest characters that a secret key given by hand may have."""
TILES = r"^https?://[A-Za-z0-9.-]+(:\d{1,5})?/([A-Za-z0-9._~/?&=%@-]|\{[zxyr]\})+$"
"""One host, written out: a page is let fetch pictures from there and nowhere else."""
OUR_NETWORKS = (
    "127.0.0.0/8",
    "::1/128",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
)
"""This machine and private networks, where a proxy stands that nobody named."""


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
    """How many proxies stand in front; with 0 whatever X-Forwarded-* says is ignored."""
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = tuple(
        ip_network(network) for network in OUR_NETWORKS
    )
    """Where those proxies stand; who connects from elsewhere is never taken for one."""

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
    database_pool_size: int = Field(default=10, ge=1, le=100)

    secret_key: str = Field(default="", repr=False)
    """Signs what leaves the server and seals what is kept; made in `home` in development."""
    former_secret_keys: Annotated[tuple[str, ...], NoDecode] = Field(default=(), repr=False)
    """Keys that were replaced, separated by spaces; they open what they sealed, no more."""

    mail_url: str | None = Field(default=None, repr=False)
    """`smtp://name:password@host:587` or `smtps://...`; without it mail lands in `home`/mail."""
    mail_from: str = "Agora <no-reply@localhost>"

    redis_url: str | None = Field(default=None, repr=False)
    """Where all processes count limits together and keep the state of tabs; else each its own."""
    metrics_token: str = Field(default="", repr=False)
    """What a collector of `/metrics` shows as a bearer token; without one there are no figures."""
    weaviate_url: str | None = Field(default=None, pattern=r"^https?://")
    """The Weaviate server that keeps the search index; without it Postgres does."""
    weaviate_grpc_port: int = Field(default=50051, ge=1, le=65535)
    weaviate_api_key: str | None = Field(default=None, repr=False)
    weaviate_sleep_days: int = Field(default=14, ge=0)
    """After how many days without a search a market leaves Weaviate's memory; 0 for never."""
    events_url: str | None = Field(default=None, repr=False, pattern=r"^(amqps?|kafka)://")
    """Where what happens is told: `amqp://name:password@host/`, or `kafka://host:9092`."""
    local_sign_in_ways: bool = False
    """Whether sign-in providers may stand on this machine or in a private network, by http too."""
    local_documents: bool = False
    """Whether documents may be fetched from this machine and private networks: an intranet."""
    index_now_url: str = Field(
        default="https://api.indexnow.org/indexnow", pattern=r"^https?://", repr=False
    )
    """Where search engines are told of new pages, for markets that want it (IndexNow)."""
    map_tiles: str | None = Field(default=None, pattern=TILES)
    """Where streets are drawn, as `https://tiles.example.org/{z}/{x}/{y}.png`; nobody else is
    asked. Without it pages have the sketch that the server draws, and ask nobody."""
    map_credit: str = Field(default="", max_length=200)
    """Whom the streets are owed to, as `© OpenStreetMap contributors`; stands on the map."""
    map_credit_url: str | None = Field(default=None, pattern=r"^https?://[^\s\"'<>]+$")
    map_zoom: int = Field(default=19, ge=10, le=22)
    """How closely the tiles are drawn at most."""
    renderers: int = Field(default=1, ge=1, le=64)
    """How many Node processes render pages; each takes about 130 MB and one processor."""
    work_here: bool = True
    """Whether the serving process also does jobs; else start `agora work` beside it."""

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("former_secret_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        told = value.replace(",", " ").split() or OUR_NETWORKS
        # `10.0.0.1/8` is refused: it may mean the one address or all of its network.
        return tuple(ip_network(network) for network in told)

    @field_validator(
        "database_url",
        "database_owner_url",
        "public_port",
        "mail_url",
        "redis_url",
        "weaviate_url",
        "weaviate_api_key",
        "events_url",
        "map_tiles",
        "map_credit_url",
        mode="before",
    )
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        # Compose files and CI often pass a variable that is set to nothing.
        return None if value == "" else value

    @model_validator(mode="after")
    def _name_whose_streets(self) -> Self:
        if self.map_tiles:
            missing = [place for place in ("{z}", "{x}", "{y}") if place not in self.map_tiles]
            if missing:
                raise ValueError(f"AGORA_MAP_TILES lacks {' and '.join(missing)}")
            if not self.map_credit:
                raise ValueError("AGORA_MAP_CREDIT must say whom the streets are owed to")
        return self

    @model_validator(mode="after")
    def _refuse_weak_secrets(self) -> Self:
        if self.environment == "production" and len(self.secret_key) < SECRET_KEY_LENGTH:
            raise ValueError(
                f"AGORA_SECRET_KEY must be set to at least {SECRET_KEY_LENGTH} characters in "
                "production; make one with: python3 -c 'import secrets; "
                "print(secrets.token_urlsafe(48))'"
            )
        return self

    @property
    def tiles_origin(self) -> str:
        """Scheme, host and port of where streets are drawn; empty where that is nowhere."""
        return "/".join(self.map_tiles.split("/")[:3]) if self.map_tiles else ""

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

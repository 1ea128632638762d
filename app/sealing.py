"""Secrets at rest: encrypted with a key that is not in the database.

A column of type `Sealed` holds text that only this installation can read. The key is derived from
`AGORA_SECRET_KEY`; keys that were replaced stand in `AGORA_FORMER_SECRET_KEYS` until
`agora secrets rotate` has sealed everything anew. Fernet (AES-128-CBC with HMAC-SHA256) by
`cryptography`, keys by HKDF-SHA256.
"""

import base64
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from app.errors import Unavailable
from app.settings import settings


def seal(text: str) -> str:
    """`text` as it may be kept."""
    return _keys(*_secrets()).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text that was sealed; raises `Unavailable` when its key is not among ours."""
    try:
        return _keys(*_secrets()).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unavailable(
            "A stored secret cannot be read with the keys of this installation."
        ) from error


def reseal(sealed: str) -> str:
    """The same text sealed with the present key; raises `Unavailable` as `unseal` does."""
    return seal(unseal(sealed))


class Sealed(TypeDecorator[str]):
    """A text column whose values are sealed on the way in and readable on the way out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal what is written."""
        return None if value is None else seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Unseal what is read."""
        return None if value is None else unseal(value)


def _secrets() -> tuple[str, tuple[str, ...]]:
    return settings().secret_key, settings().former_secret_keys


@lru_cache(maxsize=4)
def _keys(current: str, former: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(secret)) for secret in (current, *former)])


def _derived(secret: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"agora sealing 1")
    return base64.urlsafe_b64encode(derivation.derive(secret.encode()))

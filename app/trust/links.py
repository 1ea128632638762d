"""Links in an answer: none but to the market's own pages, for a link can carry away what it says.

Markup goes with them: an answer is plain text, whatever shows it.
"""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

_PICTURE = re.compile(r"!\[[^\]\n]*\]\s*(?:\([^)\n]*\)?|\[[^\]\n]*\])")
_NAMED = re.compile(
    r"\[([^\]\n]*[^\]\n\d][^\]\n]*)\]\s*(?:\([^)\n]*\)?|\[[^\]\n]*[^\]\n\d][^\]\n]*\])"
)
_NUMBERED = re.compile(r"(\[\d{1,3}\])\((?:[^)\n]*)\)?")
_DEFINED = re.compile(r"^\s*\[[^\]\n]+\]:\s*\S+.*$", re.MULTILINE)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>\n]*>?|<[!?][^<>\n]*>?")
_WEB = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}:)?//[^\s<>\"“”«»\])]+|\bwww\.[^\s<>\"“”«»\])]+", re.IGNORECASE
)
_SCHEME = re.compile(
    r"\b(?:javascript|vbscript|data|file|blob|intent|mailto|tel|sms|tg|whatsapp|market|ftp)\s?:"
    r"(?=[^\s\d])[^\s<>\"“”«»\])]+",
    re.IGNORECASE,
)
_ENDINGS: Final = (
    "com net org info biz io co app dev ai me ru рф su de es fr uk eu us ua kz by tr it pl ae sa eg"
    " xyz top site online shop store club live link click page tk ml ga cf gg ly to cc tv example"
    " test invalid evil zip mov"
)
_BARE = re.compile(
    rf"(?<![\w@./-])(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:(?:{'|'.join(_ENDINGS.split())})\b|"
    r"[a-z]{2,}(?=[/?]\w))(?:[/?#:][^\s<>\"“”«»\])]*)?",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"^\s{0,3}#{1,6}\s+|^\s*>\s?|(\*\*|__|~~|`+)|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)", re.MULTILINE
)
_AFTER: Final = ".,;:!?"


def plain(text: str, hosts: Collection[str]) -> str:
    """An answer's text without markup, and with no link but to these hosts."""
    text = _PICTURE.sub("", text)
    text = _DEFINED.sub("", text)
    text = _NUMBERED.sub(r"\1", text)
    text = _NAMED.sub(r"\1", text)
    return _MARKUP.sub("", unlinked(_TAG.sub("", text), hosts))


def unlinked(text: str, hosts: Collection[str]) -> str:
    """The text with an ellipsis in the place of each link that leads elsewhere."""

    def kept(found: re.Match[str]) -> str:
        told = found[0].rstrip(_AFTER)
        rest = found[0][len(told) :]
        return found[0] if _is_ours(told, hosts) else f"…{rest}"

    for pattern in (_SCHEME, _WEB, _BARE):
        text = pattern.sub(kept, text)
    return text


def _is_ours(address: str, hosts: Collection[str]) -> bool:
    if not hosts:
        return False
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
        host, name = parts.hostname, parts.username
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and name is None and host in hosts and not parts.query

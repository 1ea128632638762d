"""Names for addresses: short, plain and the same for ever."""

import hashlib
import re

from anyascii import anyascii

LONGEST = 64
UNPLAIN = re.compile(r"[^a-z0-9]+")
APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc`]")


def plain(text: str) -> str:
    """`text` in a-z, 0-9 and single hyphens, cut at a word: `Müller & Söhne` is `muller-sohne`."""
    letters = UNPLAIN.sub("-", APOSTROPHES.sub("", anyascii(text)).lower()).strip("-")
    if len(letters) <= LONGEST:
        return letters
    cut = letters[: LONGEST + 1].rpartition("-")[0]
    return cut or letters[:LONGEST]


def slug_for(*words: str, identity: str, taken: set[str]) -> str:
    """A slug of `words` that is not among `taken`; `identity` tells apart what reads alike."""
    slug = "-".join(part for word in words if (part := plain(word)))
    if slug and slug not in taken:
        return slug
    digest = hashlib.sha256(identity.encode()).hexdigest()[:10]
    return f"{slug}-{digest}" if slug else digest

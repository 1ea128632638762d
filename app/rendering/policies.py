"""Response headers by which a browser holds a page to what it was made for.

Scripts in a page are allowed by their hashes (Content Security Policy Level 3, 6.7.3.3). Unlike a
nonce, a hash may stand in a page that is kept and shown to everybody, and nothing that is written
into the page later has one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

# Scripts without an address. Those of a data type do not run; those that sleep will.
_INLINE = re.compile(rb"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL)
_DATA = re.compile(rb'\btype="application/')
# Help articles may show pictures of others.
_PICTURE = re.compile(rb'<img\b[^>]*?\bsrc="(https?://[A-Za-z0-9.-]+(?::\d{1,5})?)/')

FIXED = {
    "cross-origin-opener-policy": "same-origin-allow-popups",
    "permissions-policy": (
        "camera=(), microphone=(), payment=(), usb=(), browsing-topics=(), geolocation=(self), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
}
"""What every page says. Popups stay reachable for sign-in ways that open one."""

STRICT_TRANSPORT = "max-age=31536000"
"""Said over TLS alone. Hosts below are not included: they may belong to somebody else."""

CLOSED = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
"""For what is no page of the app: an error that was written without the renderer."""

# Reflex runs `rx.call_script` through eval. Pictures of others are named page by page.
_REST = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:{pictures};"
    " font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self';"
    " frame-ancestors 'self'; script-src 'self' 'unsafe-eval'"
)


def content_security_policy(html: bytes, pictures: Iterable[str] = ()) -> str:
    """The policy under which the page `html` runs its own scripts and no others.

    Pictures come from here, from where those that it shows are, and from the origins in `pictures`.
    """
    hashes = {
        base64.b64encode(hashlib.sha256(script).digest()).decode()
        for attributes, script in _INLINE.findall(html)
        if not _DATA.search(attributes)
    }
    origins = {origin.decode() for origin in _PICTURE.findall(html)} | {*pictures}
    allowed = "".join(f" {origin}" for origin in sorted(origins))
    return _REST.format(pictures=allowed) + "".join(f" 'sha256-{one}'" for one in sorted(hashes))

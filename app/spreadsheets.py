"""Texts of people in files for spreadsheets, which compute whatever looks like a formula."""

import unicodedata

MARK = "\ufeff"
"""Says that a file is in UTF-8, without which Excel reads Cyrillic as something else."""

_FORMULAS = frozenset("=+-@＝＋－＠")
"""How cells begin that spreadsheets compute (OWASP, "CSV Injection"), wide signs too."""

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Kinds of signs that some programs drop before they look at what comes next."""


def harmless(text: str) -> str:
    """A text that a spreadsheet shows and does not compute."""
    seen = (sign for sign in text if unicodedata.category(sign) not in _UNSEEN)
    return f"'{text}" if next(seen, "") in _FORMULAS else text

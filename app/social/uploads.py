"""Files of mentions in the console's imports."""

from app.accounts.permissions import Permission
from app.catalogue.uploads import FileKind, add_kind
from app.social.receiving import ask_reading, load_mentions, read_mentions

MENTION = FileKind(Permission.WRITE_MENTIONS, read_mentions, load_mentions, then=ask_reading)
"""A file of mentions."""
KIND = "mention"
add_kind(KIND, MENTION)

"""The page that says who may do what says what the program holds to."""

from pathlib import Path

from app.accounts.permissions import GRANTS, KEY_SCOPES, Permission, Role

PAGE = Path(__file__).parents[3] / "docs" / "permissions.md"


def table() -> str:
    """The permissions by role, as the page has them."""
    roles = list(Role)
    lines = [
        "| permission | " + " | ".join(role.replace("_", " ") for role in roles) + " |",
        "|---" * (len(roles) + 1) + "|",
    ]
    for permission in Permission:
        held = (" ✓ |" if permission in GRANTS[role] else "   |" for role in roles)
        lines.append(f"| `{permission}` |" + "".join(held))
    return "\n".join(lines) + "\n"


def test_the_page_has_the_table_as_it_is():
    assert table() in PAGE.read_text()


def test_the_page_names_every_scope_of_a_key():
    scopes = PAGE.read_text().partition("## What an API key can be allowed")[2]
    for permission in Permission:
        assert (f"`{permission}`" in scopes) == (permission in KEY_SCOPES)

"""Who may do what: every permission and every role, in one table.

Domain functions ask an `Actor` (`app.accounts.actors`); pages only show or hide. `agora doctor
--permissions` prints the table and `docs/permissions.md` explains it.
"""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that someone may do in a market; also the scopes of API keys."""

    READ = "market.read"
    """Read public pages, search and ask."""
    KEEP_ACCOUNT = "account.keep"
    """Have an account: change, export and erase what is held about oneself."""
    KEEP_CONVERSATIONS = "conversations.keep"
    """Have conversations of one's own."""
    REQUEST_QUOTES = "quotes.request"
    """Ask providers what something would cost, and keep a shortlist."""
    REVIEW = "reviews.write"
    """Say what one thinks of a service whose provider answered one's request."""
    KEEP_PROJECTS = "projects.keep"
    """Have events of one's own to prepare."""
    RUN_PROJECTS = "projects.run"
    """Prepare the market's own events, which belong to no person."""
    OFFER = "listings.offer"
    """Write the profile and listings of the providers one acts for."""
    SEE_CONVERSATIONS = "conversations.see"
    """Read and take over the conversations of others."""
    MODERATE = "listings.moderate"
    """Publish, hide and refuse what providers offer."""
    MODERATE_REVIEWS = "reviews.moderate"
    """Hide reviews, and show them again."""
    EDIT_CATALOGUE = "catalogue.edit"
    """Change categories, and the providers and listings of others; import."""
    EDIT_KNOWLEDGE = "knowledge.edit"
    """Write help articles."""
    SEE_PEOPLE = "people.see"
    INVITE = "people.invite"
    """Invite people, give and take roles below one's own, suspend accounts."""
    SHAPE = "market.shape"
    """Change brand, languages, currency, modules, policies and wording."""
    HOSTS = "market.hosts"
    """Add and remove the market's own domains."""
    SIGN_IN_WAYS = "sign-in.configure"
    """Configure by which providers people sign in."""
    KEYS = "keys.manage"
    """Make and revoke API keys."""
    MODELS = "models.configure"
    """Choose which chat models answer, and what they may cost."""
    ASK_MODELS = "models.ask"
    """Have the market's chat models answer whatever a program asks, within the budget."""
    SEE_AUDIT = "audit.see"
    SEE_FIGURES = "figures.see"
    WRITE_MENTIONS = "mentions.write"
    """Bring in what others say of the market elsewhere, and delete it."""
    EXPORT = "market.export"
    """Take out everything that the market holds."""
    TRANSFER = "market.transfer"
    """Give the market to another owner."""
    PLATFORM = "platform.run"
    """Open, suspend, export and erase markets, and set their quotas."""


class Role(StrEnum):
    """What a person is in a market; a person may be several."""

    VISITOR = "visitor"
    MEMBER = "member"
    PROVIDER = "provider"
    OPERATOR = "operator"
    ADMIN = "admin"
    OWNER = "owner"
    """The admin to whom the market belongs; there is one."""
    PLATFORM_OWNER = "platform_owner"
    """Runs the platform; exists on the platform's own host alone."""


P = Permission
_VISITOR = frozenset({P.READ})
_MEMBER = _VISITOR | {
    P.KEEP_ACCOUNT,
    P.KEEP_CONVERSATIONS,
    P.KEEP_PROJECTS,
    P.REQUEST_QUOTES,
    P.REVIEW,
}
_ADMIN = _MEMBER | {
    P.RUN_PROJECTS,
    P.SEE_CONVERSATIONS,
    P.MODERATE,
    P.MODERATE_REVIEWS,
    P.EDIT_CATALOGUE,
    P.EDIT_KNOWLEDGE,
    P.SEE_PEOPLE,
    P.INVITE,
    P.SHAPE,
    P.HOSTS,
    P.SIGN_IN_WAYS,
    P.KEYS,
    P.MODELS,
    P.ASK_MODELS,
    P.SEE_AUDIT,
    P.SEE_FIGURES,
    P.WRITE_MENTIONS,
    P.EXPORT,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VISITOR: _VISITOR,
    Role.MEMBER: _MEMBER,
    Role.PROVIDER: _MEMBER | {P.OFFER},
    Role.OPERATOR: _MEMBER
    | {P.SEE_CONVERSATIONS, P.MODERATE, P.MODERATE_REVIEWS, P.SEE_PEOPLE, P.SEE_FIGURES},
    Role.ADMIN: _ADMIN,
    Role.OWNER: _ADMIN | {P.TRANSFER},
    Role.PLATFORM_OWNER: _MEMBER | {P.PLATFORM, P.SEE_PEOPLE, P.INVITE, P.SEE_AUDIT, P.TRANSFER},
}
"""The table itself."""

STAFF = frozenset({Role.OPERATOR, Role.ADMIN, Role.OWNER, Role.PLATFORM_OWNER})
"""Roles of which a market can require a second factor."""

GIVEN_BY: dict[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset({Role.PROVIDER, Role.OPERATOR, Role.ADMIN}),
    Role.OWNER: frozenset({Role.PROVIDER, Role.OPERATOR, Role.ADMIN}),
    Role.PLATFORM_OWNER: frozenset({Role.PLATFORM_OWNER}),
}
"""Which roles each role may give and take. Ownership is transferred, never given."""

KEY_SCOPES = frozenset(
    {
        P.READ,
        P.RUN_PROJECTS,
        P.SEE_CONVERSATIONS,
        P.MODERATE,
        P.EDIT_CATALOGUE,
        P.EDIT_KNOWLEDGE,
        P.SEE_PEOPLE,
        P.SEE_FIGURES,
        P.WRITE_MENTIONS,
        P.SEE_AUDIT,
        P.ASK_MODELS,
    }
)
"""What an API key can be allowed; what belongs to a person, and what shapes the market, is not."""


def granted(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything that someone with these roles may do."""
    return _VISITOR.union(*(GRANTS[role] for role in roles))

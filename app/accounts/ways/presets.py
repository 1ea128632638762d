"""What is known of each provider before anyone configures it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """A provider. Without `discovers`, its addresses stand here, for it publishes none."""

    kind: str
    name: str
    issuer: str = ""
    scope: str = "openid email profile"
    discovers: bool = True
    authorization: str = ""
    token: str = ""
    profile: str = ""
    needs_secret: bool = True
    posts_back: bool = False
    """Whether the browser comes back by a form of the provider's page."""
    register_at: str = ""
    """Where its developers register a client."""


PRESETS: dict[str, Preset] = {
    preset.kind: preset
    for preset in (
        Preset(
            "google",
            "Google",
            issuer="https://accounts.google.com",
            register_at="https://console.cloud.google.com/apis/credentials",
        ),
        Preset(
            "vk",
            "VK ID",
            issuer="https://id.vk.com",
            scope="email",
            discovers=False,
            authorization="https://id.vk.com/authorize",
            token="https://id.vk.com/oauth2/auth",  # noqa: S106  An address.
            profile="https://id.vk.com/oauth2/user_info",
            needs_secret=False,
            register_at="https://id.vk.com/about/business/go",
        ),
        Preset(
            "yandex",
            "Yandex ID",
            issuer="https://oauth.yandex.ru",
            scope="login:email login:info",
            discovers=False,
            authorization="https://oauth.yandex.ru/authorize",
            token="https://oauth.yandex.ru/token",  # noqa: S106  An address.
            profile="https://login.yandex.ru/info?format=json",
            register_at="https://oauth.yandex.ru/client/new/id",
        ),
        Preset(
            "github",
            "GitHub",
            issuer="https://github.com",
            scope="read:user user:email",
            discovers=False,
            authorization="https://github.com/login/oauth/authorize",
            token="https://github.com/login/oauth/access_token",  # noqa: S106  An address.
            profile="https://api.github.com/user",
            register_at="https://github.com/settings/developers",
        ),
        Preset(
            "apple",
            "Apple",
            issuer="https://appleid.apple.com",
            scope="openid email",
            posts_back=True,
            register_at="https://developer.apple.com/account/resources/identifiers/list/serviceId",
        ),
        Preset("oidc", "OpenID Connect", needs_secret=False),
    )
}
"""By kind; `oidc` is any issuer that publishes its configuration."""

YANDEX_MAIL = frozenset(
    {"yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.uz"}
)
"""Domains whose addresses Yandex gives out itself, and so can vouch for."""

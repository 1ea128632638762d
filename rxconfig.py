"""What Reflex is told: the plugins that build the pages, and nothing that a deployment decides."""

import reflex as rx

from app.rendering.plugin import ServerRenderPlugin

config = rx.Config(
    app_name="app",
    plugins=[rx.plugins.TailwindV4Plugin(), ServerRenderPlugin()],
    # Sitemaps are made per market from its data.
    disable_plugins=[rx.plugins.SitemapPlugin, rx.plugins.RadixThemesPlugin],
    frontend_packages=[
        "@fontsource-variable/onest@5.3.1",
        "@fontsource-variable/vazirmatn@5.3.0",
        "@fontsource-variable/literata@5.3.0",
        "@fontsource-variable/nunito@5.3.0",
    ],
    # What a tab shows is kept in memory for an hour; where REFLEX_STATE_MANAGER_MODE=redis and
    # REFLEX_REDIS_URL are set, it is kept there and several processes can serve.
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    # Hosts are data, so no list of origins stands here: server rendering compares each socket's
    # origin with its host, and no other site may read an answer.
    cors_allowed_origins=[],
    telemetry_enabled=False,
    show_built_with_reflex=False,
)

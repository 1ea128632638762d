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
    ],
    telemetry_enabled=False,
    show_built_with_reflex=False,
)

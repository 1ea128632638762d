"""What Reflex is told: the plugins that build the pages, and where the state of tabs is kept."""

import os

import reflex as rx

from app.rendering.plugin import ServerRenderPlugin
from app.rendering.streets import PACKAGE as LEAFLET
from app.rendering.streets import StreetsPlugin

# Read here and not from `app.settings`, which would make a data folder where one only builds.
REDIS = os.environ.get("AGORA_REDIS_URL") or None

config = rx.Config(
    app_name="app",
    plugins=[rx.plugins.TailwindV4Plugin(), ServerRenderPlugin(), StreetsPlugin()],
    # Sitemaps are made per market from its data.
    disable_plugins=[rx.plugins.SitemapPlugin, rx.plugins.RadixThemesPlugin],
    frontend_packages=[
        "@fontsource-variable/onest@5.3.1",
        "@fontsource-variable/vazirmatn@5.3.0",
        "@fontsource-variable/literata@5.3.0",
        "@fontsource-variable/nunito@5.3.0",
        LEAFLET,
    ],
    # What a tab shows is kept for an hour: in memory, or in Redis where several processes serve.
    state_manager_mode=(
        rx.constants.StateManagerMode.REDIS if REDIS else rx.constants.StateManagerMode.MEMORY
    ),
    redis_url=REDIS,
    # Files are compressed when they are built, as well as it can be done.
    frontend_compression_formats=["brotli", "gzip"],
    # Hosts are data, so no list of origins stands here: server rendering compares each socket's
    # origin with its host, and no other site may read an answer.
    cors_allowed_origins=[],
    telemetry_enabled=False,
    show_built_with_reflex=False,
)

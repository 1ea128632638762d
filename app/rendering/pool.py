"""Several renderers for one server: a page goes to the one with the least to do.

One Node child renders on one processor. Where a machine has more to spare than Python can use,
`AGORA_RENDERERS` says how many there are.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from app.rendering.renderer import Renderer, RendererUnavailable

_log = logging.getLogger(__name__)
REST = 20.0
"""Seconds without a page after which a renderer that had some gives its memory back."""


class RendererPool:
    """Renders like one `Renderer`, with as many at once as it was given."""

    def __init__(self, renderers: Sequence[Renderer]) -> None:
        """Divide pages among `renderers`, at least one."""
        if not renderers:
            raise ValueError("a pool needs a renderer")
        self._renderers = renderers

    async def start(self) -> None:
        """Start those that do not run; returns when all are ready."""
        await asyncio.gather(*(renderer.start() for renderer in self._renderers))

    async def render(self, message: bytes) -> bytes:
        """Return the HTML for one JSON message, as `Renderer.render` does and raises."""
        return await min(self._renderers, key=lambda renderer: renderer.busy).render(message)

    async def renewing(self, rest: float = REST) -> None:
        """Replace, until cancelled, those that rendered and then had nothing to do for `rest` s."""
        while True:
            await asyncio.sleep(rest / 2)
            for renderer in self._renderers:
                try:
                    await renderer.renew(rest)
                except (OSError, RendererUnavailable):
                    _log.warning("A renderer could not be renewed; the former one goes on.")

    async def stop(self) -> None:
        """End all of them."""
        await asyncio.gather(*(renderer.stop() for renderer in self._renderers))

"""What pages cost and where they came from, as `GET /metrics` tells it to Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

_STAGES = Histogram(
    "agora_page_stage_seconds",
    "Time that one stage of making a page took.",
    ["stage"],
    buckets=_SECONDS,
)
QUEUED = _STAGES.labels("queue")
"""Waiting for one of the places in which pages are made."""
LOADED = _STAGES.labels("load")
"""Running the page's load handlers."""
RENDERED = _STAGES.labels("render")
"""Making HTML of the state, with waiting for a renderer."""
PACKED = _STAGES.labels("pack")
"""Policy, validator and compression of a page that was made."""

_PAGES = Counter("agora_pages_total", "Pages that were answered, by where they came from.", ["by"])
KEPT = _PAGES.labels("kept")
"""Kept from before."""
SHARED = _PAGES.labels("shared")
"""Made for everybody, by this request or by one that it waited for; or kept a little too long."""
OWN = _PAGES.labels("own")
"""Made for this visitor alone."""
FAILED = _PAGES.labels("failed")
"""Not made: too many at once, too slow, or a mistake of ours."""

CACHE_BYTES = Gauge("agora_page_cache_bytes", "Bytes of compressed pages that are kept.")
CACHE_PAGES = Gauge("agora_page_cache_pages", "Pages that are kept.")
INVALIDATED = Counter("agora_pages_invalidated_total", "Kept pages forgotten after a change.")

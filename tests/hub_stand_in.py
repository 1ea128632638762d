"""A stand-in for the Hub, with one file, that can break off in the middle of it."""

import hashlib
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from huggingface_hub import constants

from app.jobs import work

CONTENT = bytes(range(256)) * 4096
NAME = "someone/tiny/tiny.gguf"


class Hub(ThreadingHTTPServer):
    """The server: `digest` is what it says of its file, `ranges` what was asked of it."""

    digest = hashlib.sha256(CONTENT).hexdigest()
    ranges: list[str]
    breaks_after: int | None = None
    """After so many bytes it breaks off, once."""


class _Handler(BaseHTTPRequestHandler):
    server: Hub  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_HEAD(self) -> None:
        self._head(200, len(CONTENT))

    def do_GET(self) -> None:
        asked = self.headers.get("range", "")
        self.server.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
        self._head(206 if start else 200, len(CONTENT) - start)
        until, self.server.breaks_after = self.server.breaks_after, None
        self.wfile.write(CONTENT[start:until])
        if until is not None:
            self.close_connection = True

    def _head(self, status: int, length: int) -> None:
        if "tiny.gguf" not in self.path:
            self.send_error(404)
            return
        self.send_response(status)
        self.send_header("etag", f'"{self.server.digest}"')
        self.send_header("x-repo-commit", "0" * 40)
        self.send_header("content-length", str(length))
        self.end_headers()

    def log_message(self, *_words: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        pass


def _at_once(later: work._Later, _seconds: int) -> None:
    later.seconds = 0


@contextmanager
def standing_in_for_the_hub(monkeypatch: pytest.MonkeyPatch) -> Generator[Hub]:
    """The stand-in, serving on loopback, with the Hub's library turned to it."""
    with Hub(("127.0.0.1", 0), _Handler) as server:
        server.ranges = []
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(constants, "ENDPOINT", address)
        monkeypatch.setattr(
            constants,
            "HUGGINGFACE_CO_URL_TEMPLATE",
            address + "/{repo_id}/resolve/{revision}/{filename}",
        )
        # What came of a chunk that broke off is lost, and one has 10 MB otherwise.
        monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 64 * 1024)
        # What broke off is begun again after a pause that grows; a test has no time for it.
        monkeypatch.setattr(work._Later, "__init__", _at_once)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()

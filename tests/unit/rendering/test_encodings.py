"""Which encoding a client gets, and that it can be read again."""

import gzip

import brotli
import pytest
import zstandard

from app.rendering.cache import Page
from app.rendering.encodings import KEPT, PASSING, chosen

HTML = b"<!doctype html><p>" + b"Kazan, plumbers at night. " * 200


@pytest.mark.parametrize(
    ("header", "best"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5, br;q=1.0", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000, *", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("", ""),
        ("deflate", ""),
        (";;,,q=", ""),
        ("gzip;q=0.001", "gzip"),
    ],
)
def test_a_kept_page_goes_out_in_the_best_encoding_that_is_taken(header: str, best: str):
    assert chosen(header, KEPT) == best


def test_a_page_for_one_visitor_goes_out_in_the_cheapest_encoding():
    assert chosen("gzip, deflate, br, zstd", PASSING) == "zstd"
    assert chosen("gzip, deflate, br", PASSING) == "gzip"


@pytest.mark.parametrize("lifetime", [0, 60])
@pytest.mark.parametrize("header", ["br", "zstd", "gzip", "gzip, br, zstd", ""])
def test_every_client_reads_the_same_page(lifetime: int, header: str):
    encoding, body = Page.of(200, {}, HTML, lifetime).body(header)
    read = {
        "br": brotli.decompress,
        "zstd": zstandard.ZstdDecompressor().decompress,
        "gzip": gzip.decompress,
        "": bytes,
    }[encoding]
    assert read(body) == HTML
    assert len(body) < len(HTML) or not encoding


def test_an_answer_without_a_body_has_no_encoding():
    assert Page.of(308, {"location": "/en"}, b"", 0).body("gzip, br") == ("", b"")

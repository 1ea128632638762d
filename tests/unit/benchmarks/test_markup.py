"""Two pages are compared by what a reader gets, before either is measured."""

import pytest

from benchmarks.pages.markup import differences

PAGE = """<!DOCTYPE html>
<html lang="en" dir="ltr"><head>
<title>Tap · Plumber</title>
<meta name="description" content="Repairs taps.">
<meta property="og:title" content="Tap · Plumber">
<link rel="canonical" href="http://berlin.localhost/en/s/tap">
<script type="application/ld+json">{"@type": "Service", "name": "Tap"}</script>
</head><body>
<div class="market flex"><a href="/en" class="nav big">Berlin</a>
<h1 style="--h:12">Tap</h1><p><bdi>€40</bdi> <span class="muted">per hour</span></p></div>
<script>start()</script></body></html>"""


def test_the_same_page_may_be_written_in_another_way():
    other = (
        PAGE.replace('class="nav big"', 'class="big nav"')
        .replace("€40</bdi> <span", "€40</bdi><!-- --> <!-- --><span")
        .replace('style="--h:12"', 'style="--h: 12;"')
        .replace("<script>start()</script>", '<script src="/a.js" async></script>')
        .replace('{"@type": "Service", "name": "Tap"}', '{"name":"Tap","@type":"Service"}')
        .replace("</head>", '<meta charset="utf-8"><meta name="viewport" content="x"></head>')
    )
    assert differences(PAGE, other) == []


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("per hour", "per day", "text only there: day"),
        ("<h1", "<h2", "element only there: h2"),
        ("nav big", "nav", 'element only there: a class="nav"'),
        ('href="/en"', 'href="/ru"', "element only there: a"),
        ("Repairs taps.", "Repairs.", "head only there: meta"),
        ("<title>Tap", "<title>Top", "head only there: title"),
        ('rel="canonical"', 'rel="nothing"', "head only here: link"),
        ('"name": "Tap"', '"name": "Top"', "structured data"),
        ('lang="en"', 'lang="de"', "head only there: html"),
    ],
)
def test_another_page_is_told_by_what_it_differs_in(before: str, after: str, named: str):
    assert any(line.startswith(named) for line in differences(PAGE, PAGE.replace(before, after)))


def test_a_page_without_the_frame_is_no_page_of_a_market():
    assert differences(PAGE, "<p>503</p>") == ["One of them has no frame of a market."]

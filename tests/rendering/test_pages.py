"""Pages over HTTP: status, caching, isolation, and what happens when parts fail."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import signal
import time
from collections.abc import AsyncGenerator

import httpx
import pytest

from .conftest import Shop

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def client(shop: Shop) -> AsyncGenerator[httpx.AsyncClient]:
    """A client that keeps no cookies and follows no redirects."""
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{shop.port}", limits=limits, timeout=30
    ) as client:
        yield client


def _host(name: str) -> dict[str, str]:
    return {"host": f"{name}.localhost"}


async def test_a_page_is_complete_html_in_its_language(client: httpx.AsyncClient):
    answer = await client.get("/ar/item/lamp", headers=_host("shop"))
    page = answer.text
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert re.search(r'<html[^>]*dir="rtl"[^>]*lang="ar"', page)
    assert page.count("<title>") == 1
    assert "<title>Item lamp &lt;b&gt;&amp;&lt;/b&gt;</title>" in page
    assert 'href="https://shop.localhost/ar/item/lamp" hrefLang="ar"' in page
    assert "alert(1)</script>" not in page
    assert 'content=""' not in page
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


async def test_a_page_that_waits_for_input_asks_the_browser_to_run_almost_nothing(
    client: httpx.AsyncClient,
):
    page = (await client.get("/en/item/lamp", headers=_host("shop"))).text
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    run = [text for attributes, text in scripts if "type=" not in attributes]
    assert "modulepreload" not in page
    assert sum(map(len, run)) < 1700
    assert not re.search(r"<script[^>]*src=", page)


async def test_a_page_without_hydration_has_no_script(client: httpx.AsyncClient):
    page = (await client.get("/en/item/plain", headers=_host("shop"))).text
    kinds = re.findall(r"<script([^>]*)>", page)
    assert kinds == [' type="application/ld+json"']
    assert "modulepreload" not in page


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/en/item/moved", 301, "/en/item/new"),
        ("/en/item/gone", 404, None),
        ("/nothing/here", 404, None),
        ("/404", 404, None),
        ("/en/item/lamp/?a=1", 308, "/en/item/lamp?a=1"),
        ("//evil.example/", 404, None),
        ("/search?q=lamp", 200, None),
    ],
)
async def test_addresses_answer_as_they_should(
    client: httpx.AsyncClient, path: str, status: int, location: str | None
):
    request = client.build_request("GET", client.base_url.copy_with(raw_path=path.encode()))
    answer = await client.send(request)
    assert (answer.status_code, answer.headers.get("location")) == (status, location)


async def test_native_form_posts_pass_through(client: httpx.AsyncClient):
    answer = await client.post("/auth/in", data={"name": "x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/item/after")


async def test_a_page_that_is_not_found_is_in_the_language_of_its_path(client: httpx.AsyncClient):
    page = (await client.get("/ar/not/here/at/all", headers=_host("shop"))).text
    assert re.search(r'<html[^>]*dir="rtl"[^>]*lang="ar"', page)


async def test_browsers_keep_built_files_for_good(client: httpx.AsyncClient):
    page = (await client.get("/en/item/lamp", headers=_host("shop"))).text
    style = re.search(r'href="(/assets/[^"]+\.css)"', page)
    assert style is not None
    answer = await client.get(style[1])
    assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)
    missing = await client.get("/assets/missing.css")
    assert (missing.status_code, "cache-control" in missing.headers) == (404, False)


async def test_a_kept_page_is_validated_compressed_and_the_same_for_head(
    client: httpx.AsyncClient,
):
    host = _host("kept")
    first = await client.get("/en/item/lamp", headers=host)
    assert first.headers["content-encoding"] == "br"
    assert "accept-encoding" in first.headers["vary"].lower()
    validated = await client.get(
        "/en/item/lamp", headers={**host, "if-none-match": first.headers["etag"]}
    )
    assert (validated.status_code, validated.content) == (304, b"")
    plain = await client.get("/en/item/lamp", headers={**host, "accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == first.text
    head = await client.head("/en/item/lamp", headers=host)
    assert head.content == b""
    assert head.headers["content-length"] == first.headers["content-length"]


@pytest.mark.parametrize("path", ["/en/item/undeclared", "/en/private", "/en/item/gone"])
async def test_an_undeclared_page_is_never_kept(client: httpx.AsyncClient, path: str):
    answer = await client.get(path, headers=_host("shop"))
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers


async def test_a_failing_handler_gives_an_error_number_and_no_stack(
    client: httpx.AsyncClient, shop: Shop
):
    for path in ("/en/item/raises", "/broken"):
        answer = await client.get(path, headers=_host("shop"))
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        number = re.search(r"Error number: (\w+)", answer.text)
        assert number is not None
        assert number[1] in shop.log.read_text()


async def test_nobody_sees_what_belongs_to_another(client: httpx.AsyncClient):
    """Public, private and mixed pages at once, on seven hosts, each visitor with a cookie."""

    async def visit(number: int) -> None:
        name = f"host{number % 7}"
        path = ("/en/item/lamp", "/en/private", "/en/mixed", f"/en/item/i{number}")[number % 4]
        cookie = f"sid=secret-{number}-"
        answer = await client.get(path, headers={**_host(name), "cookie": cookie})
        page = answer.text
        assert answer.status_code == 200, number
        assert f"{name}.localhost" in page
        assert not re.search(r"host\d\.localhost", page.replace(f"{name}.localhost", ""))
        others = page.replace(cookie, "")
        assert "secret" not in others, number
        if path == "/en/private":
            assert f'<p id="visitor">{cookie}</p>' in page

    await asyncio.gather(*(visit(number) for number in range(400)))


async def test_vars_that_mirror_browser_storage_stay_out_of_the_page(client: httpx.AsyncClient):
    page = (await client.get("/en/private", headers=_host("shop"))).text
    assert "a choice kept in a cookie" not in page


async def test_the_guard_of_events_guards_pages(client: httpx.AsyncClient):
    refused = await client.get("/en/members", headers=_host("shop"))
    assert (refused.status_code, refused.headers["location"]) == (302, "/en/item/signin")
    let_in = await client.get("/en/members", headers={**_host("shop"), "cookie": "member=1"})
    assert (let_in.status_code, "<title>Members</title>" in let_in.text) == (200, True)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://shop.localhost", 101),
        ("http://shop.localhost.evil.example", 403),
        ("http://berlin.localhost", 403),
        ("null", 403),
    ],
)
async def test_a_socket_opens_only_for_pages_of_its_host(shop: Shop, origin: str, status: int):
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        "GET /_event/?token=t&EIO=4&transport=websocket HTTP/1.1\r\nHost: shop.localhost\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\nOrigin: {origin}\r\n\r\n".encode()
    )
    answer = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()
    assert int(answer.split()[1]) == status


async def test_other_sites_are_not_allowed_to_read_answers(client: httpx.AsyncClient):
    headers = {**_host("shop"), "origin": "http://evil.example", "cookie": "a=b"}
    for path in ("/en/item/lamp", "/search?q=1", "/_health"):
        answer = await client.get(path, headers=headers)
        assert "access-control-allow-origin" not in answer.headers, path
    polling = await client.get("/_event/?EIO=4&transport=polling", headers=headers)
    assert polling.status_code == 403


async def test_what_a_cookie_added_to_a_mixed_page_is_never_kept(client: httpx.AsyncClient):
    host = _host("mixed")
    for _ in range(3):
        mine = await client.get("/en/mixed", headers={**host, "cookie": "sid=mine"})
        anonymous = await client.get("/en/mixed", headers=host)
        assert "sid=mine" not in anonymous.text
        assert "etag" in anonymous.headers
        assert mine.headers["vary"]


async def test_a_page_that_shows_a_cookie_and_calls_itself_public_shows_it_to_nobody_else(
    client: httpx.AsyncClient,
):
    for number in range(6):
        headers = {**_host("careless"), "cookie": f"sid=secret-{number}"}
        answer = await client.get("/en/careless", headers=headers)
        assert "secret" not in answer.text.replace(f"secret-{number}", "")
    assert "secret" not in (await client.get("/en/careless", headers=_host("careless"))).text


async def test_the_renderer_is_started_again_and_the_visitor_notices_nothing(
    client: httpx.AsyncClient, shop: Shop
):
    before = shop.renderer()
    os.kill(before, signal.SIGKILL)
    answers = await asyncio.gather(
        *(client.get(f"/en/item/after{number}", headers=_host("shop")) for number in range(20))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert shop.renderer() != before


async def test_a_renderer_that_hangs_is_replaced(client: httpx.AsyncClient, shop: Shop):
    before = shop.renderer()
    hanging = asyncio.create_task(client.get("/hanging", headers=_host("shop")))
    await asyncio.sleep(0.5)
    # This one stands behind the page that hangs, and is made by the next renderer.
    behind = await client.get("/en/item/behind", headers=_host("shop"))
    assert (behind.status_code, (await hanging).status_code) == (200, 503)
    assert shop.renderer() != before


async def test_a_refusal_is_shown_in_its_own_words(client: httpx.AsyncClient):
    answer = await client.get("/en/item/unknown", headers=_host("shop"))
    assert answer.status_code == 404
    assert "No unknown here." in answer.text


async def _asked_barely(port: int, path: str, host: str) -> tuple[str, str, float]:
    """Status line, `Retry-After` and seconds; hundreds of whole clients would take seconds more."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n".encode())
    async with asyncio.timeout(60):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    took = time.perf_counter() - began
    writer.close()
    again = re.search(r"^retry-after: (.*)\r$", head, re.MULTILINE | re.IGNORECASE)
    return head.partition("\r\n")[0].split(" ")[1], again[1] if again else "", took


async def test_slow_pages_and_too_many_visitors_are_asked_to_come_back(
    client: httpx.AsyncClient, shop: Shop
):
    asked = (
        _asked_barely(shop.port, "/en/item/slow", f"crowd{number}.localhost")
        for number in range(240)
    )
    answers = await asyncio.gather(*asked)
    assert {(status, again) for status, again, _ in answers} == {("503", "5")}
    # Some were refused at once, those in the queue after 5 s, the slow ones after 5 s of loading.
    waited = sorted(took for _, _, took in answers)
    assert waited[0] < 4
    assert waited[-1] < 12
    assert (await client.get("/en/item/lamp", headers=_host("shop"))).status_code == 200


async def _figures(client: httpx.AsyncClient) -> dict[str, float]:
    lines = (await client.get("/figures")).text.splitlines()
    pairs = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in pairs}


async def test_each_page_and_each_stage_of_making_it_is_counted(client: httpx.AsyncClient):
    # The first page of a route is made before it is known that it may be shared.
    await client.get("/en/item/early", headers=_host("shop"))
    before = await _figures(client)
    twice, once = "/en/item/counted", "/en/item/counted-too"
    for path in (twice, twice, "/en/private", "/broken", once):
        await client.get(path, headers=_host("shop"))
    after = await _figures(client)
    more = {name: after[name] - before.get(name, 0) for name in after}
    by = {kind: more[f'agora_pages_total{{by="{kind}"}}'] for kind in ("kept", "shared", "own")}
    assert by == {"kept": 1, "shared": 2, "own": 1}
    assert more['agora_pages_total{by="failed"}'] == 1
    stages = {
        stage: more[f'agora_page_stage_seconds_count{{stage="{stage}"}}']
        for stage in ("queue", "load", "render", "pack")
    }
    assert stages == {"queue": 4, "load": 4, "render": 4, "pack": 3}
    assert more["agora_page_cache_pages"] == 2
    assert after["agora_page_cache_bytes"] > before["agora_page_cache_bytes"]

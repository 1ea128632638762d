"""What a visitor may say of a request, at the wire: proxies' headers, and the origin of sockets."""

import asyncio
import os
import subprocess
import sys

import httpx
import pytest

from .conftest import NO_DATABASE, PROXY, ROOT, Running

pytestmark = pytest.mark.browser

OWN_DOMAIN = "www.services-of-berlin.example"
_GIVE = """
import sys
from app.commands import ready_database, run
from app.database import platform_session
from app.markets.directory import market_by_key
from app.markets.models import MarketHost
async def give():
    market = await market_by_key("berlin")
    async with platform_session(market.id) as session:
        await session.merge(MarketHost(host=sys.argv[1], tenant_id=market.id))
with ready_database():
    run(give())
"""


@pytest.fixture(scope="module")
def own_domain(running: Running) -> str:
    """A domain of the market's own, beside the host that the platform gave it."""
    environment = os.environ | NO_DATABASE | {"AGORA_HOME": str(running.home)}
    given = subprocess.run(
        [sys.executable, "-c", _GIVE, OWN_DOMAIN],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert given.returncode == 0, given.stderr
    return OWN_DOMAIN


async def handshake(running: Running, headers: dict[str, str], peer: str = "127.0.0.1") -> int:
    """The status that a browser's socket is answered with."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port, local_addr=(peer, 0))
    told = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        **headers,
    }
    lines = [f"{name}: {value}" for name, value in told.items()]
    path = "/_event/?EIO=4&transport=websocket&token=a-tab"
    writer.write("\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode())
    try:
        return int((await asyncio.wait_for(reader.readline(), 20)).split()[1])
    finally:
        writer.close()


async def test_a_socket_opens_for_pages_of_its_own_host_alone(running: Running, own_domain: str):
    hosts = [f"berlin.localhost:{running.port}", own_domain, f"{own_domain}:{running.port}"]
    for host in hosts:
        assert await handshake(running, {"Host": host, "Origin": f"http://{host}"}) == 101
        assert await handshake(running, {"Host": host, "Origin": f"http://{host.upper()}"}) == 101
    here = hosts[0]
    foreign = [
        "https://evil.example",
        "null",
        "",
        f"http://kazan.localhost:{running.port}",
        f"http://{own_domain}",
        f"http://{here}.evil.example",
        f"http://evil.example/{here}",
        "http://berlin.localhost:1",
    ]
    for origin in foreign:
        told = {"Host": here, "Origin": origin}
        assert await handshake(running, told) == 403, origin
        async with httpx.AsyncClient() as client:
            polled = await client.get(
                f"http://127.0.0.1:{running.port}/_event/?EIO=4&transport=polling", headers=told
            )
        assert polled.status_code == 403, origin


async def test_a_proxy_decides_the_market_and_a_visitor_does_not(running: Running, own_domain: str):
    forwarded = {
        "Host": "inner.local",
        "X-Forwarded-Host": own_domain,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "192.0.2.7",
    }
    form = {"email": "nobody@example.com", "password": "x", "locale": "en"}
    answers = {}
    for peer in (PROXY, "127.0.0.1"):
        transport = httpx.AsyncHTTPTransport(local_address=peer)
        address = f"http://127.0.0.1:{running.port}"
        async with httpx.AsyncClient(transport=transport, base_url=address) as client:
            page = await client.get("/en", headers=forwarded)
            posted = await client.post(
                "/auth/signin", data=form, headers=forwarded | {"Origin": f"https://{own_domain}"}
            )
        answers[peer] = (page.status_code, posted.status_code)
        if peer == PROXY:
            assert 'lang="en"' in page.text
    assert answers == {PROXY: (200, 303), "127.0.0.1": (404, 403)}
    socket = forwarded | {"Origin": f"https://{own_domain}"}
    assert await handshake(running, socket, PROXY) == 101
    assert await handshake(running, socket) == 403
    # A page that came without TLS is another's, where the host is reached by TLS.
    assert await handshake(running, forwarded | {"Origin": f"http://{own_domain}"}, PROXY) == 403


async def test_cookies_of_a_sign_in_behind_tls_are_kept_to_tls(running: Running):
    email, password = running.account("berlin")
    form = {"email": email, "password": password, "locale": "en"}
    host = f"berlin.localhost:{running.port}"
    secure = {}
    for peer in (PROXY, "127.0.0.1"):
        transport = httpx.AsyncHTTPTransport(local_address=peer)
        async with httpx.AsyncClient(transport=transport) as client:
            answer = await client.post(
                f"http://127.0.0.1:{running.port}/auth/signin",
                data=form,
                headers={"Host": host, "X-Forwarded-Proto": "https"},
            )
        cookies = answer.headers.get_list("set-cookie")
        assert cookies, answer.headers
        secure[peer] = {"secure" in cookie.lower() for cookie in cookies}
    assert secure == {PROXY: {True}, "127.0.0.1": {False}}

"""Providers to sign in with: a real one as a process of its own, and one that lies when told to."""

import base64
import hmac
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "the-market"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def honest_provider(*people: dict[str, Any]) -> Generator[str]:
    """`oidc-provider-mock` as a process; yields its issuer."""
    port = free_port()
    words = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "-n", "true"]
    for person in people:
        words += ["--user-claims", json.dumps(person)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False)
                break
            except httpx.TransportError:
                assert process.poll() is None, "the provider did not start"
                assert time.monotonic() < deadline, "the provider does not answer"
                time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def agree(address: str, subject: str) -> str:
    """Sign in at the honest provider as `subject`; the address that the browser is sent back to."""
    answer = httpx.post(address, data={"sub": subject}, trust_env=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


@dataclass
class Liar:
    """A provider whose every answer a test may change."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: list[dict[str, Any]] | None = None
    """The keys that it publishes; its own by itself."""
    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    """An ID token to answer with, whatever was asked."""
    raw: dict[str, bytes] = field(default_factory=dict)
    """Bodies to answer with, by path."""
    asked: dict[str, str] = field(default_factory=dict)
    """The parameters of the last authorization."""
    exchanged: list[dict[str, str]] = field(default_factory=list)
    key_sets: int = 0

    def back(self, address: str, **more: str) -> str:
        """Agree at once: the address that the browser is sent back to."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        told = {"code": "a-code", "state": self.asked["state"], **more}
        return f"{self.asked['redirect_uri']}?{urlencode(told)}"

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        if path in self.raw:
            return 200, self.raw[path]
        if path == "/.well-known/openid-configuration":
            return 200, json.dumps(self._metadata()).encode()
        if path == "/jwks":
            self.key_sets += 1
            keys = [self.key.as_dict(private=False)] if self.published is None else self.published
            return 200, json.dumps({"keys": keys}).encode()
        if path == "/token":
            self.exchanged.append(form)
            told = {"access_token": "an-access-token", "token_type": "Bearer"}
            return 200, json.dumps(told | {"id_token": self.token or self.signed()}).encode()
        return 404, b"{}"

    def signed(self, **changed: Any) -> str:
        """An ID token that is right but for what is changed."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "liar-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked.get("nonce"),
            "email": "liar@example.com",
            "email_verified": True,
            "name": "Lia",
        }
        header = {"alg": "RS256", "kid": "one"} | self.header
        told = {name: value for name, value in (claims | self.claims | changed).items() if value}
        return jwt.encode(header, told, self.key, algorithms=[header["alg"]])

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "none", "HS256"],
        } | self.metadata


@contextmanager
def lying_provider() -> Generator[Liar]:
    """A `Liar` that answers on loopback."""
    liar = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            status, body = liar.answer(urlsplit(self.path).path, form)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    liar.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Change = Callable[[Liar], Any]


def claims(**changed: Any) -> Change:
    return lambda liar: liar.claims.update(changed)


def unsigned(liar: Liar) -> None:
    body = liar.signed().split(".")[1]
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    liar.token = f"{head}.{body}."


def by_shared_secret(liar: Liar) -> None:
    """Signed with the public key as if it were a secret: the classic confusion."""
    body = liar.signed().split(".")[1]
    head = base64.urlsafe_b64encode(b'{"alg": "HS256", "kid": "one"}').rstrip(b"=").decode()
    made = hmac.digest(liar.key.as_pem(private=False), f"{head}.{body}".encode(), "sha256")
    liar.token = f"{head}.{body}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def by_another_key(liar: Liar) -> None:
    liar.published = [liar.key.as_dict(private=False)]
    liar.key = RSAKey.generate_key(2048, {"kid": "one"})


def by_a_weak_key(liar: Liar) -> None:
    liar.key = RSAKey.generate_key(1024, {"kid": "one"})


LIES: dict[str, Change] = {
    "nonce": claims(nonce="another"),
    "no nonce": claims(nonce=None),
    "issuer": claims(iss="https://accounts.google.com"),
    "audience": claims(aud="another-client"),
    "no audience": claims(aud=None),
    "authorized party": claims(azp="another-client"),
    "one of several": claims(aud=[CLIENT, "another-client"]),
    "expired": claims(exp=time.time() - 120),
    "never expires": claims(exp=None),
    "expires as text": claims(exp="tomorrow"),
    "expires at NaN": claims(exp=float("nan")),
    "made long ago": claims(iat=time.time() - 3600),
    "made tomorrow": claims(iat=time.time() + 86400),
    "not yet": claims(nbf=time.time() + 3600),
    "no subject": claims(sub=None),
    "a number": claims(sub=7),
    "unsigned": unsigned,
    "shared secret": by_shared_secret,
    "another key": by_another_key,
    "weak key": by_a_weak_key,
    "unknown key": lambda liar: liar.header.update(kid="two"),
    "no token": lambda liar: setattr(liar, "token", "a.b"),
    "endless token": lambda liar: setattr(liar, "token", "a.b." + "c" * 40_000),
    "refused code": lambda liar: liar.raw.update({"/token": b'{"error": "invalid_grant"}'}),
    "a list": lambda liar: liar.raw.update({"/token": b"[]"}),
    "no JSON": lambda liar: liar.raw.update({"/token": b"<html>"}),
    "deep JSON": lambda liar: liar.raw.update({"/token": b"[" * 100_000}),
    "flood": lambda liar: liar.raw.update({"/token": b" " * 600_000}),
    "no keys": lambda liar: liar.raw.update({"/jwks": b'{"keys": {"one": 1}}'}),
}
"""What a provider may say that must not be believed, by what is wrong with it."""

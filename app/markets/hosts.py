"""A market's own domains: claimed, proved by a TXT record, made the main one, taken away."""

import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import dns.asyncresolver
import dns.exception
import dns.resolver
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TenantSession
from app.errors import AppError, NotFound, Unavailable
from app.markets.changes import announce
from app.markets.directory import bare_host
from app.markets.models import HostClaim, MarketHost
from app.markets.shaping import NotAccepted
from app.settings import settings

MOST = 20
"""Domains that a market may have or claim."""
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_SECONDS = 5.0

Resolver = Callable[[str], Awaitable[Sequence[str]]]
"""Gives the texts of the TXT records of a name; none where there are none."""


@dataclass(frozen=True)
class Host:
    """A domain as an editor sees it; `proof` is what is still to be shown, empty when proved."""

    host: str
    main: bool = False
    own: bool = True
    """False for the address that the platform gave the market."""
    proof: str = ""

    @property
    def record(self) -> str:
        """The name of the TXT record."""
        return f"_agora.{self.host}"


class HostTaken(AppError):
    """The domain opens a market already."""


class ProofMissing(AppError):
    """The TXT record is not there, or says something else."""


async def hosts_of(session: TenantSession, actor: Actor) -> list[Host]:
    """The domains that open the market, the main one first, and those still to be proved."""
    actor.must(Permission.HOSTS)
    open_ones = (await session.exec(select(MarketHost))).all()
    claims = (await session.exec(select(HostClaim).order_by(col(HostClaim.host)))).all()
    return [
        *(
            Host(one.host, one.main, own=one.verified_at is not None)
            for one in sorted(open_ones, key=lambda one: (not one.main, one.host))
        ),
        *(Host(one.host, proof=one.proof) for one in claims),
    ]


async def claim_host(session: TenantSession, actor: Actor, host: object) -> Host:
    """Say that a domain is the market's own; claiming it again tells the same proof.

    Raises `NotAccepted` for what is no domain or belongs to the platform, `HostTaken` where it
    opens this market already.
    """
    name = domain_name(host)
    known = await hosts_of(session, actor)
    for one in known:
        if one.host == name:
            if one.proof:
                return one
            raise HostTaken("This domain opens the market already.")
    if len(known) >= MOST:
        raise NotAccepted("A market has at most %(count)s domains.", field="host", count=MOST)
    claim = HostClaim(host=name, proof=f"agora-verify={secrets.token_hex(16)}")
    session.add(claim)
    await session.flush()
    await record(session, actor, "host.claimed", "host", name)
    return Host(name, proof=claim.proof)


async def prove_host(
    session: TenantSession, actor: Actor, host: str, records: Sequence[str]
) -> None:
    """Let a claimed domain open the market, if `records` (its TXT records) have the proof.

    Raises `NotFound`, `ProofMissing`, or `HostTaken` where another market has it.
    """
    actor.must(Permission.HOSTS)
    claim = (
        await session.exec(select(HostClaim).where(HostClaim.host == host).with_for_update())
    ).one_or_none()
    if claim is None:
        raise NotFound("There is no such domain.")
    if not any(
        secrets.compare_digest(one.strip().encode(), claim.proof.encode()) for one in records
    ):
        raise ProofMissing(
            "The TXT record %(name)s does not say so yet. DNS can take an hour to pass it on.",
            name=Host(host).record,
        )
    try:
        async with session.begin_nested():
            session.add(
                MarketHost(
                    host=claim.host,
                    tenant_id=session.tenant_id,
                    proof=claim.proof,
                    verified_at=datetime.now(UTC),
                )
            )
    except IntegrityError as error:
        raise HostTaken("Another market has this domain.") from error
    await session.delete(claim)
    await session.flush()
    await record(session, actor, "host.proved", "host", host)
    await announce(session)


async def make_main(session: TenantSession, actor: Actor, host: str) -> None:
    """Make a domain the one that addresses and letters name; raises `NotFound`."""
    actor.must(Permission.HOSTS)
    hosts = (await session.exec(select(MarketHost).with_for_update())).all()
    if host not in {one.host for one in hosts}:
        raise NotFound("There is no such domain.")
    before = [one.host for one in hosts if one.main]
    if before == [host]:
        return
    await session.exec(update(MarketHost).values(main=col(MarketHost.host) == host))
    told = {"main": before[0] if before else ""}
    await record(session, actor, "host.made_main", "host", host, before=told, after={"main": host})
    await announce(session)


async def remove_host(session: TenantSession, actor: Actor, host: str) -> None:
    """Take a domain or a claim away; neither the main one nor the one that the platform gave."""
    actor.must(Permission.HOSTS)
    claim = (await session.exec(select(HostClaim).where(HostClaim.host == host))).one_or_none()
    if claim is not None:
        await session.delete(claim)
        await record(session, actor, "host.claim_removed", "host", host)
        return
    found = (
        await session.exec(select(MarketHost).where(MarketHost.host == host).with_for_update())
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such domain.")
    if found.main:
        raise AppError("Make another domain the main one first.")
    if found.verified_at is None:
        raise AppError("This address belongs to the platform and stays.")
    # Told before it is gone, for who listens forgets the pages of the hosts that it knows.
    await announce(session)
    await session.delete(found)
    await record(session, actor, "host.removed", "host", host)


def domain_name(host: object) -> str:
    """The domain as DNS writes it: lower case, other scripts in punycode; raises `NotAccepted`."""
    given = bare_host(host) if isinstance(host, str) else ""
    try:
        name = given.encode("idna").decode()
    except UnicodeError:
        name = ""
    labels = name.split(".")
    is_domain = (
        len(labels) >= 2
        and len(name) <= 253
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    if not is_domain:
        raise NotAccepted("Not a domain name, such as shop.example.", field="host")
    platform = settings().platform_host
    if name == platform or name.endswith((f".{platform}", ".localhost")):
        raise NotAccepted("This name belongs to the platform.", field="host")
    return name


async def txt_records(name: str) -> list[str]:
    """The texts of the TXT records of `name`, asked of the machine's resolver.

    Raises `Unavailable` when DNS does not answer.
    """
    try:
        answer = await dns.asyncresolver.resolve(name, "TXT", lifetime=_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise Unavailable("DNS does not answer at the moment. Please try again.") from error
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]

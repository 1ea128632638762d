"""Requests that leave for addresses which somebody typed in: where they may go.

A name is looked up here and the connection goes to the address that was looked at, so that a name
cannot mean one thing when it is checked and another when it is used.
"""

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

from app.errors import AppError

LONGEST_ADDRESS = 2000
_MAPPING = ipaddress.ip_network("64:ff9b::/32")
"""IPv6 addresses that stand for IPv4 ones at a translator, private ones among them."""


class AddressRefused(AppError):
    """An address that this server does not send requests to."""

    code = "address_refused"


def is_web_address(address: str, *, plain: bool) -> bool:
    """Whether `address` is an https URL without a password; with `plain` http will do."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return bool(
        len(address) <= LONGEST_ADDRESS
        and address.isascii()
        and address.isprintable()
        and " " not in address
        and (parts.scheme == "https" or (plain and parts.scheme == "http"))
        and parts.hostname
        and parts.username is None
        and not parts.fragment
        and port != 0
    )


async def address_of(host: str, port: int, *, private: bool) -> str:
    """The address to connect to for `host`; with `private` it may be one of our own network.

    Raises `AddressRefused`, or `OSError` for a name that nobody knows.
    """
    try:
        # A name that is an address needs nobody to look it up.
        addresses = [str(ipaddress.ip_address(host))]
    except ValueError:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise OSError("The name has no address.")
    # One that is ours among public ones is enough: which is taken is not for the name to choose.
    if not private and not all(map(is_public, addresses)):
        raise AddressRefused("This address does not lead to a public server.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether `address` is one of the internet, and of no machine or network of ours."""
    looked = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(looked, ipaddress.IPv6Address):
        if looked in _MAPPING or looked.teredo is not None:
            return False
        inner = looked.ipv4_mapped or looked.sixtofour
        if inner is not None:
            looked = inner
    return looked.is_global and not looked.is_multicast and not looked.is_reserved

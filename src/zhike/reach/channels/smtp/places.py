"""Which machine a mail server's name means, and whether we may speak to it.

Whoever writes the settings could otherwise make this machine knock at any door of the network it stands in. A relay inside
one's own network is allowed by whoever runs the machine: ZHIKE_MAIL_LOCAL=1.
"""

import ipaddress
import os
import socket


class PlaceRefused(Exception):
    """There is no such machine, or it is not one we speak to; `code`: host_unknown, host_inside."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def place_of(host: str, port: int) -> tuple[str, int]:
    """The address to connect to, looked up once: what was looked at is what is spoken to. Raises PlaceRefused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise PlaceRefused("host_unknown") from None
    places = [str(entry[4][0]) for entry in found]
    if os.environ.get("ZHIKE_MAIL_LOCAL") != "1" and not all(_is_public(place) for place in places):
        raise PlaceRefused("host_inside")
    if not places:
        raise PlaceRefused("host_unknown")
    return places[0], port


def _is_public(place: str) -> bool:
    address = ipaddress.ip_address(place.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)

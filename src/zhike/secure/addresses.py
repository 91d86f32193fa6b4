"""Where a request comes from. Headers of a proxy are believed only when the installation says there is one."""

import ipaddress
import os

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's IP address, or an empty text. Behind a declared proxy (ZHIKE_BEHIND_PROXY=1) its last entry counts."""
    address = request.META.get("REMOTE_ADDR", "")
    if os.environ.get("ZHIKE_BEHIND_PROXY") == "1":
        # The last entry is the one our proxy wrote; entries before it are the client's word.
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).split(",")[-1].strip()
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""

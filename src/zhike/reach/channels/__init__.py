"""Channels 通道: the folders here, all alike. A new way out is a folder copied from another one.

Each has a `CHANNEL` with a `code` and one method, `deliver(mail, address, settings)`: it takes a mail ready to go and an
address that is opened inside, at the call, and answers with an `Outcome`. It raises nothing, writes no address into any log,
and does not try twice. tests/reach/battery.py holds every channel to that.
"""

import pkgutil
from functools import cache
from importlib import import_module
from typing import Protocol

from zhike.reach.records import Mail, Outcome
from zhike.reach.server import Server
from zhike.secure.opened import Opened


class Channel(Protocol):
    """A way out of the house."""

    code: str

    def deliver(self, mail: Mail, address: Opened, server: Server) -> Outcome:
        """Hand one mail to the gateway for one address."""
        ...


@cache
def channels() -> dict[str, Channel]:
    """Every channel by its code."""
    found = [import_module(f"{__name__}.{module.name}").CHANNEL for module in pkgutil.iter_modules(__path__)]
    return {channel.code: channel for channel in found}

"""The battery every channel passes: what it answers in each case, what it leaves in logs, and what it lets into a header.

A channel brings a far side: something that plays the gateway. `far.plays` says what it does with the next mail; `far.ids()`
gives the Message-IDs it took; `far.address(…)` an address that makes it behave so.
"""

import datetime as dt
import logging
from dataclasses import replace
from typing import Any, Protocol

import pytest

from zhike.reach.records import Mail, Outcome
from zhike.reach.server import Server
from zhike.secure.opened import Opened

MAIL = Mail(
    message_id="<m1@shop.example>", sender_name="示例茶铺", sender_address="shop@shop.example", reply_to="help@shop.example",
    subject="新茶到了", text="您好！\n.\n..点开头的行\n", html="<p>您好！</p>", at=dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC),
    headers=(("List-Unsubscribe", "<https://zhike.example/stop/x/>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
)  # fmt: skip


class FarSide(Protocol):
    """What stands at the other end."""

    channel: Any
    server: Server

    def address(self, plays: str) -> str: ...
    def ids(self) -> list[str]: ...


CASES = {
    "takes": ("sent", "250"),
    "busy": ("later", "451"),
    "no_such_address": ("bounced", "550"),
    "refuses_the_mail": ("refused", "554"),
    "breaks_off": ("unknown", "broken_off"),
}


def outcome(far: FarSide, plays: str, mail: Mail = MAIL) -> Outcome:
    """Deliver once."""
    return far.channel.deliver(mail, Opened("email", far.address(plays)), far.server)


class Battery:
    """Inherit, and give a fixture `far`."""

    @pytest.mark.parametrize("plays", list(CASES))
    def test_each_answer_of_the_gateway_is_told_as_what_it_is(self, far: FarSide, plays: str) -> None:
        told = outcome(far, plays)
        assert (told.kind, told.code) == CASES[plays]
        assert far.ids() == (["<m1@shop.example>"] if plays in ("takes", "breaks_off") else [])

    def test_a_channel_calls_once_and_never_by_itself_again(self, far: FarSide) -> None:
        for n in range(3):
            outcome(far, "takes", replace(MAIL, message_id=f"<m{n}@shop.example>"))
        assert far.ids() == ["<m0@shop.example>", "<m1@shop.example>", "<m2@shop.example>"]

    def test_no_address_and_no_words_of_the_mail_stand_in_any_log(
        self, far: FarSide, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level(logging.DEBUG, logger="zhike")
        told = [repr(outcome(far, plays)) for plays in CASES]
        said = " ".join(told) + caplog.text + "".join(capfd.readouterr())
        assert "@shop.example" not in said and "reader" not in said and "新茶" not in said

    def test_the_address_is_read_only_inside_the_channel(self, far: FarSide) -> None:
        with pytest.raises(TypeError):
            str(Opened("email", far.address("takes")))
        assert outcome(far, "takes").kind == "sent"

"""Each channel before its far side: the simulator in the house, SMTP before a mail server that misbehaves in every way."""

import asyncio
import email
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.reach.battery import MAIL, Battery, outcome
from zhike.reach.channels import channels
from zhike.reach.channels.smtp import Smtp
from zhike.reach.channels.smtp.places import PlaceRefused, place_of
from zhike.reach.records import Attachment
from zhike.reach.server import Server
from zhike.secure.opened import Opened

LOCAL = {
    "takes": "reader",
    "busy": "later",
    "no_such_address": "bounce",
    "refuses_the_mail": "refuse",
    "breaks_off": "lost",
}


class TheSimulator:
    def __init__(self, home: Path) -> None:
        self.channel, self.server = channels()["simulator"], Server()
        self._file = home / "simulator" / "taken.jsonl"
        self._before = len(self._lines())

    def _lines(self) -> list[str]:
        return self._file.read_text().splitlines() if self._file.exists() else []

    def address(self, plays: str) -> str:
        return f"{LOCAL[plays]}@shop.example"

    def ids(self) -> list[str]:
        return [json.loads(line)["message_id"] for line in self._lines()[self._before :]]


class TestSimulator(Battery):
    @pytest.fixture
    def far(self, home: Path) -> TheSimulator:
        return TheSimulator(home)


class Handler:
    """A mail server that does what the address asks for."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.greeted: list[str] = []

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        answers = {
            "later": "451 busy",
            "bounce": f"550 5.1.1 no {address}",
            "full": "552 full",
            "moved": "251 will forward",
        }
        return answers.get(address.partition("@")[0], "250 OK")

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        local = envelope.rcpt_tos[0].partition("@")[0]
        if local == "refuse":
            return f"554 5.7.1 spam for {envelope.rcpt_tos[0]}"
        self.taken.append(envelope.content)
        if local == "lost":
            server.transport.abort()
            await asyncio.sleep(0)
        if local == "silent":
            await asyncio.sleep(3)
        return "250 taken"


class TheServer:
    def __init__(self, **how: Any) -> None:
        self.handler = Handler()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.controller = Controller(self.handler, hostname="127.0.0.1", port=port, **how)
        self.controller.start()
        self.channel: Any = Smtp()
        self.server = Server("127.0.0.1", port, "none")

    def address(self, plays: str) -> str:
        return f"{LOCAL[plays]}@shop.example"

    def mails(self) -> list[Any]:
        return [email.message_from_bytes(content, policy=policy.default) for content in self.handler.taken]

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails()]

    def stop(self) -> None:
        self.controller.stop(no_assert=True)


@pytest.fixture(autouse=True)
def _relay_of_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIKE_MAIL_LOCAL", "1")


@pytest.fixture
def far() -> Iterator[TheServer]:
    server = TheServer()
    yield server
    server.stop()


class TestSmtp(Battery):
    @pytest.fixture
    def far(self) -> Iterator[TheServer]:
        server = TheServer()
        yield server
        server.stop()


def test_every_channel_of_the_folder_is_in_the_battery() -> None:
    assert set(channels()) == {"simulator", "smtp"}


def test_a_mail_arrives_whole_with_both_parts_and_the_way_out(far: TheServer) -> None:
    assert outcome(far, "takes").kind == "sent"
    (mail,) = far.mails()
    assert (mail["Subject"], mail["To"], mail["Reply-To"]) == ("新茶到了", "reader@shop.example", "help@shop.example")
    assert mail["From"].addresses[0].display_name == "示例茶铺"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_body(("plain",)).get_content().splitlines() == ["您好！", ".", "..点开头的行"]
    assert "<p>您好！</p>" in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "broken",
    [
        {"subject": "新茶\r\nBcc: all@shop.example"},
        {"sender_name": "铺\nBcc: all@shop.example"},
        {"sender_address": "shop@shop.example>\r\nRCPT TO:<x@shop.example"},
        {"reply_to": "a@b.example, c@d.example"},
        {"headers": (("List-Unsubscribe", "<x>\r\nBcc: all@shop.example"),)},
        {"attachments": (Attachment("a.pdf\r\nBcc: all@shop.example", "application/pdf", b"1"),)},
    ],
)
def test_no_value_breaks_out_of_its_header(far: TheServer, broken: dict[str, Any]) -> None:
    assert outcome(far, "takes", replace(MAIL, **broken)).kind == "refused"
    assert far.mails() == []


def test_files_arrive_byte_for_byte_under_their_names(far: TheServer) -> None:
    content = b"%PDF-1.7\n.\r\n..\x00\xff" * 400
    files = (
        Attachment("每日一览-2026-11-30.pdf", "application/pdf", content),
        Attachment("a.csv", "text/csv", b"1,2\r\n"),
    )
    assert outcome(far, "takes", replace(MAIL, attachments=files)).kind == "sent"
    mail = far.mails()[0]
    found = list(mail.iter_attachments())
    assert [(f.get_filename(), f.get_content_type()) for f in found] == [
        ("每日一览-2026-11-30.pdf", "application/pdf"), ("a.csv", "text/csv"),
    ]  # fmt: skip
    assert found[0].get_content() == content
    assert "<p>您好！</p>" in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nRCPT TO:<x@y.example>", "a b@c.example", "王@茶.example", "nobody", "<a@b.example>"]
)
def test_an_address_that_is_none_reaches_no_server(far: TheServer, address: str) -> None:
    told = far.channel.deliver(MAIL, Opened("email", address), far.server)
    assert (told.kind, told.code, far.mails()) == ("refused", "header", [])


@pytest.mark.parametrize(("local", "kind"), [("full", "refused"), ("moved", "sent")])
def test_a_full_mailbox_is_no_bounce_and_a_forwarding_one_takes(far: TheServer, local: str, kind: str) -> None:
    assert far.channel.deliver(MAIL, Opened("email", f"{local}@shop.example"), far.server).kind == kind


def test_silence_after_the_mail_is_unknown_and_silence_before_it_is_later(far: TheServer) -> None:
    far.channel.timeout_s = 0.5
    told = far.channel.deliver(MAIL, Opened("email", "silent@shop.example"), far.server)
    assert (told.kind, told.code) == ("unknown", "broken_off")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        began = time.monotonic()
        told = outcome_at(far, Server("127.0.0.1", deaf.getsockname()[1], "none"))
        assert (told.kind, told.code) == ("later", "timeout")
        assert time.monotonic() - began < 60
    told = outcome_at(far, Server("127.0.0.1", 1, "none"))
    assert (told.kind, told.code) == ("later", "no_connection")


def outcome_at(far: TheServer, server: Server) -> Any:
    return far.channel.deliver(MAIL, Opened("email", "reader@shop.example"), server)


def test_a_server_that_cuts_the_line_at_any_word_gives_later_or_unknown_never_sent() -> None:
    words = [b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"]
    for said in range(len(words) + 1):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            talk = threading.Thread(target=_say, args=(listener, words[:said]))
            talk.start()
            channel = Smtp()
            channel.timeout_s = 2
            server = Server("127.0.0.1", listener.getsockname()[1], "none")
            told = channel.deliver(MAIL, Opened("email", "reader@shop.example"), server)
            talk.join()
        assert told.kind == ("unknown" if said == len(words) else "later"), said


def _say(listener: socket.socket, words: list[bytes]) -> None:
    connection, _ = listener.accept()
    with connection:
        for n, word in enumerate(words):
            if n:
                connection.recv(65536)
            connection.sendall(word)
        if words:
            connection.recv(65536)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost, signed by itself."""
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encryption_is_used_and_an_unknown_certificate_refused(
    certificate: Path, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    how = {"tls_context": context} if security == "starttls" else {"ssl_context": context}
    server = TheServer(**how)
    try:
        place = Server("localhost", server.server.port, security)
        assert outcome_at(server, place).code == "encryption"  # nobody we trust signed it
        really = ssl.create_default_context
        monkeypatch.setattr(ssl, "create_default_context", lambda: really(cafile=certificate))
        assert outcome_at(server, place).kind == "sent"
        assert outcome_at(server, replace(place, host="127.0.0.1")).code == "encryption"  # the name must fit
        assert len(server.mails()) == 1
    finally:
        server.stop()


def test_a_server_without_encryption_is_not_spoken_to_in_the_clear(far: TheServer) -> None:
    told = outcome_at(far, replace(far.server, security="starttls"))
    assert (told.kind, told.code, far.mails()) == ("later", "encryption", [])


@pytest.mark.django_db(transaction=True)
def test_the_password_is_told_to_the_server_and_a_wrong_one_keeps_the_mail() -> None:
    from zhike.reach.server import PASSWORD_PLACE
    from zhike.secure import actions
    from zhike.secure.records import LOCAL_OPERATOR

    def judge(server: Any, session: Any, envelope: Any, mechanism: str, auth: Any) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        return AuthResult(success=(auth.login, auth.password) == (b"shop", "茶 7".encode()), handled=False)

    server = TheServer(authenticator=judge, auth_required=True, auth_require_tls=False)
    try:
        for password, told in (("茶 7", ("sent", "250")), ("wrong", ("later", "authentication"))):
            sealed = actions.seal_secret(PASSWORD_PLACE, password, permission="reach.manage", by=LOCAL_OPERATOR)
            place = replace(server.server, username="shop", sealed_password=sealed)
            assert "茶" not in repr(place)
            found = outcome_at(server, place)
            assert (found.kind, found.code) == told
    finally:
        server.stop()


INSIDE = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "localhost", "10.0.0.1", "172.16.5.5", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_no_machine_inside_the_network_is_knocked_at(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIKE_MAIL_LOCAL")
    with pytest.raises(PlaceRefused):
        place_of(host, 25)
    assert Smtp().deliver(MAIL, Opened("email", "reader@shop.example"), Server(host, 25, "none")).kind == "later"

"""Mail over SMTP: one connection, one address, one answer. What the server says in words is dropped: it repeats the address."""

import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from zhike.reach.channels.smtp.composing import composed
from zhike.reach.channels.smtp.places import PlaceRefused, place_of
from zhike.reach.records import Mail, Outcome
from zhike.reach.server import Server
from zhike.secure.opened import Opened

TIMEOUT_S = 20.0
# What a server answers to RCPT when there is no such mailbox (RFC 5321, RFC 3463 class x.1.x).
_NO_MAILBOX = (550, 551, 553)


class Answered(Exception):
    """The server answered with a code that ends the call."""

    def __init__(self, stage: str, code: int) -> None:
        super().__init__(stage)
        self.stage, self.code = stage, code


class Smtp:
    """Delivers through the mail server of the settings."""

    code = "smtp"
    timeout_s = TIMEOUT_S

    def deliver(self, mail: Mail, address: Opened, server: Server) -> Outcome:
        """Connect, authenticate, hand over. Before the mail itself was sent every fault is `later`; after it, `unknown`."""
        try:
            content = composed(mail, address)
        except ValueError:
            return Outcome("refused", "header")
        return self._hand_over(content, mail.sender_address, address, server)

    def _hand_over(self, content: bytes, sender: str, address: Opened, server: Server) -> Outcome:
        told = False
        try:
            with self._connection(server) as client:
                _expect(client.mail(sender), "sender")
                _expect(client.rcpt(address.plain()), "address")
                _expect(client.docmd("DATA"), "data", 354)
                told = True
                client.send(content)
                _expect(client.getreply(), "content")
                return Outcome("sent", "250")
        except Answered as answer:
            return _outcome(answer)
        except PlaceRefused as refusal:
            return Outcome("later", refusal.code)
        except (OSError, smtplib.SMTPException) as fault:
            return Outcome("unknown", "broken_off") if told else Outcome("later", _fault(fault))

    @contextmanager
    def _connection(self, server: Server) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        client: _Client = _TlsClient(context, self.timeout_s) if server.security == "tls" else _Client(self.timeout_s)
        try:
            _expect(client.speak_to(server.host, server.port), "greeting", 220)
            client.ehlo()
            if server.security == "starttls":
                client.starttls(context=context)
                client.ehlo()
            if (password := server.password()) is not None:
                _log_in(client, server.username, password)
            yield client
        finally:
            client.close()  # QUIT waits for an answer nobody needs


class _Client(smtplib.SMTP):
    """Connects to the very place that was looked at, and says nothing of itself in its greeting."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(local_hostname="localhost", timeout=timeout_s)

    def speak_to(self, host: str, port: int) -> tuple[int, bytes]:
        """Connect, and remember the name the certificate must bear; the greeting's answer."""
        self._host = host
        return self.connect(host, port)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection(place_of(host, port), timeout)


class _TlsClient(_Client):
    """TLS from the first byte."""

    def __init__(self, context: ssl.SSLContext, timeout_s: float) -> None:
        super().__init__(timeout_s)
        self._context = context

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._context.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)


def _log_in(client: smtplib.SMTP, username: str, password: Opened) -> None:
    """AUTH PLAIN in UTF-8 (RFC 4616), which the library would not speak, or whatever else the server offers."""
    if "PLAIN" not in client.esmtp_features.get("auth", "").upper().split():
        client.login(username, password.plain())
        return
    words = b64encode(f"\0{username}\0{password.plain()}".encode()).decode()
    code, _ = client.docmd("AUTH", f"PLAIN {words}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, b"")


def _expect(answer: tuple[int, bytes], stage: str, code: int = 250) -> None:
    given = answer[0]
    if given != code and not (stage == "address" and given == 251):
        raise Answered(stage, given)


def _outcome(answer: Answered) -> Outcome:
    """What a refusing code means: 4xx is another time; 5xx for the address is a bounce, for the mail a refusal."""
    code = str(answer.code)
    if answer.code < 500:
        return Outcome("later", code)
    if answer.stage == "address":
        return Outcome("bounced" if answer.code in _NO_MAILBOX else "refused", code)
    # A sender or a greeting refused is a fault of the settings: it is cured there, and the mail waits.
    return Outcome("refused" if answer.stage == "content" else "later", code)


def _fault(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return "authentication"
    if isinstance(fault, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return "encryption"
    is_late = isinstance(fault, TimeoutError) or isinstance(fault.__context__, TimeoutError)
    return "timeout" if is_late else "no_connection"


CHANNEL = Smtp()

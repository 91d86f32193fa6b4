"""Where a channel delivers to: the server of the settings, its password still sealed."""

from dataclasses import dataclass, field

from zhike.reach.models import MailSettings
from zhike.secure import actions as secure
from zhike.secure.opened import Opened

PASSWORD_PLACE = "reach_mailsettings.password"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server as its administrator would write it down, but for the password."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    username: str = ""
    sealed_password: bytes = field(default=b"", repr=False)

    def password(self) -> Opened | None:
        """The password, to be opened at the call; None where the server asks for none."""
        return secure.open_secret(PASSWORD_PLACE, self.sealed_password) if self.sealed_password else None


def server_of(settings: MailSettings) -> Server:
    """The server these settings name."""
    sealed = bytes(settings.password) if settings.password else b""
    return Server(settings.host, settings.port, settings.security, settings.username, sealed)

"""The simulator 模拟通道: nothing leaves the house. It answers as a gateway would, so everything else can be tried.

What it answers depends on how the address begins: `bounce…` does not exist, `later…` is busy, `refuse…` does not want this
mail, `lost…` breaks off in mid-call; every other address takes it. Which messages it took stands in a file of the data
folder, by their ids alone.
"""

import json
import os

from zhike.kit import home
from zhike.reach.records import Mail, Outcome
from zhike.reach.server import Server
from zhike.secure.opened import Opened

_ANSWERS = {
    "bounce": Outcome("bounced", "550"),
    "later": Outcome("later", "451"),
    "refuse": Outcome("refused", "554"),
    "lost": Outcome("unknown", "broken_off"),
}


class Simulator:
    """Takes mails and keeps them here."""

    code = "simulator"

    def deliver(self, mail: Mail, address: Opened, server: Server) -> Outcome:
        """Answer as the address says."""
        local = address.plain().partition("@")[0].lower()
        answer = next((a for begins, a in _ANSWERS.items() if local.startswith(begins)), Outcome("sent", "250"))
        if answer.kind in ("sent", "unknown"):
            line = json.dumps({"message_id": mail.message_id, "at": mail.at.isoformat()}) + "\n"
            with open(home.path("simulator") / "taken.jsonl", "a", encoding="utf-8", opener=_private) as journal:
                journal.write(line)
        return answer


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


CHANNEL = Simulator()

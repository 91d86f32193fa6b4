"""Who leaves the house takes no token along: they die with the account at once, and are noted as ended here."""

from zhike.api import actions
from zhike.kit.events import durable
from zhike.secure.events import StaffDisabled
from zhike.secure.records import SYSTEM


@durable(StaffDisabled)
def end_tokens(event: StaffDisabled) -> None:
    """A disabled person's tokens give no right from that moment; here they are closed for good."""
    actions.end_tokens_of(event.staff_id, by=SYSTEM)

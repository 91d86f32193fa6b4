"""What `secure` does by the clock: seal the audit every few seconds, anchor it each hour, sweep counters."""

import logging

from zhike.kit.jobs import JobRun, every, job
from zhike.secure import access_notes, consents, sealing_audit, tallies

log = logging.getLogger(__name__)


@every(5)
def seal_audit() -> None:
    """Chain the events of the last seconds."""
    sealing_audit.seal_pending()


@every(3600)
def anchor_audit() -> None:
    """Write the chain's head beside the database."""
    sealing_audit.write_anchor()


@job("secure.sweep")
def sweep(run: JobRun) -> dict[str, int]:
    """Delete expired counters, notes of who looked at what that are older than a year, and consents no longer needed as proof."""
    told = {"swept": tallies.sweep(), "access_notes": access_notes.sweep()}
    return {**told, "consents": consents.sweep()}

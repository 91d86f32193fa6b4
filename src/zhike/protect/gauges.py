"""Gauges of backups."""

from django.utils.translation import gettext_lazy as _

from zhike.kit import clock
from zhike.kit.gauges import Values, gauge
from zhike.protect import history


@gauge(
    "zhike_backup_seconds",
    _("Age of the newest backup, of the newest proven one, of the newest keyring copy."),
    labels=("kind",),
)
def ages() -> Values:
    """Ages by kind; a kind never made is absent."""
    standing, now = history.standing(), clock.now()
    made = {
        "data": standing.last and standing.last.at,
        "proven": standing.proven_at,
        "keyring": standing.keyring and standing.keyring.at,
    }
    return {(kind,): (now - at).total_seconds() for kind, at in made.items() if at}


@gauge("zhike_backup_bytes", _("Size of the newest backup of the data."))
def size() -> Values:
    """Bytes of the newest backup."""
    last = history.standing().last
    return last.size_bytes if last else None


@gauge("zhike_backup_failed", _("1: the newest drill could not restore."))
def failed() -> Values:
    """Whether the newest drill failed."""
    return float(history.standing().failed is not None)

"""Consents that an import brings in, and that its undoing takes back."""

from collections.abc import Iterable, Sequence

from zhike.customers.actions.consents import touch_cards
from zhike.customers.brought_consents import BroughtConsent, decide
from zhike.customers.queries.consents import SUBJECT
from zhike.customers.queries.merges import groups_of
from zhike.secure import consents
from zhike.secure.consents import Brought, Newest
from zhike.secure.records import Viewer


def bring_consents(
    said: Sequence[tuple[int, BroughtConsent]], *, run_id: int, by: Viewer
) -> list[tuple[str, tuple[int, ...]]]:
    """Keep what a file says of customers: (outcome, answers that speak for it), one by one. Inside the batch's transaction.

    An answer that stands already and was itself brought in by an import speaks for this one too, so that undoing the
    other does not take it away.
    """
    groups = groups_of({customer for customer, _ in said})
    members = {member for group in groups.values() for member in group}
    newest = consents.newest_answers(SUBJECT, members, {one.purpose for _, one in said})
    told: list[tuple[str, list[int]]] = []
    kept: list[tuple[int, BroughtConsent]] = []
    for customer, one in said:
        outcome, keepers = decide(one, customer, groups[customer], newest)
        own = newest.get((customer, one.purpose))
        speaks = [own.consent_id] if outcome == "unchanged" and own is not None and own.way == "import" else []
        for keeper in keepers:
            kept.append((keeper, one))
            speaks.append(-len(kept))  # its id is not known yet
            before = newest.get((keeper, one.purpose))
            if before is None or before.at <= one.at:
                newest[keeper, one.purpose] = Newest(one.answer, one.at, "import", -len(kept))
        told.append((outcome, speaks))
    ids = consents.take_ids(len(kept))
    brought = [
        Brought(id, keeper, one.purpose, one.answer, one.at) for id, (keeper, one) in zip(ids, kept, strict=True)
    ]
    consents.bring(SUBJECT, brought, proof=("import", run_id), by=by)
    if brought:
        touch_cards([one.subject_id for one in brought], {one.purpose for one in brought})
    return [(outcome, tuple(ids[-n - 1] if n < 0 else n for n in speaks)) for outcome, speaks in told]


def take_consents_back(consent_ids: Iterable[int], *, run_id: int, by: Viewer) -> None:
    """Answers of an import that is undone count no longer. Call inside a transaction."""
    changed = consents.take_back(consent_ids, proof=("import", run_id), by=by)
    if changed:
        touch_cards([customer for customer, _ in changed], {purpose for _, purpose in changed})

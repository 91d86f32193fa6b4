"""Mappings of the house: kept under a name, used again, thrown away."""

from django.db import transaction

from zhike.collect.actions.planning import ImportRefused
from zhike.collect.mapping import load
from zhike.collect.models import SavedMapping
from zhike.kit import chance, clock
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

MOST_SAVED = 500


def save_mapping(name: str, text: str, *, by: Viewer) -> str:
    """Keep a mapping under a name (an older one of that name gives way); returns its public id.

    Raises FileProblem mapping_invalid, ImportRefused too_many_mappings.
    """
    check(by, "collect.import")
    mapping = load(text)
    with transaction.atomic():
        found = SavedMapping.objects.filter(name=name).first()
        if found is None and SavedMapping.objects.count() >= MOST_SAVED:
            raise ImportRefused("too_many_mappings", most=MOST_SAVED)
        saved = found or SavedMapping(public_id=chance.public_id(), name=name)
        saved.kind, saved.text, saved.by_staff_id, saved.created_at = mapping.kind, text, by.staff_id, clock.now()
        saved.save()
        secure.record_audit("import.mapping_saved", by=by, about=("mapping", saved.id), detail={"kind": mapping.kind})
    return saved.public_id


def delete_mapping(public_id: str, *, by: Viewer) -> bool:
    """Throw a mapping away; imports made with it keep their own copy."""
    check(by, "collect.import")
    return SavedMapping.objects.filter(public_id=public_id).delete()[0] > 0

"""Imports, mappings and migrations as the audit names them."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhike.collect.models import ImportRun, MigrationProject, SavedMapping
from zhike.secure.audit_actions import Named, by_number, register_object
from zhike.secure.records import Viewer


def register() -> None:
    """Called once at start-up."""
    register_object("import", _("Import"), named=by_number(_imports))
    register_object("migration", _("Migration"), named=by_number(_migrations))
    register_object("mapping", _("Mapping"), named=by_number(_mappings))


def _imports(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    return {
        one.pk: Named(one.file_name, reverse("collect:import", args=[one.public_id]))
        for one in (ImportRun.objects.filter(id__in=ids) if viewer.can("collect.view") else ())
    }


def _migrations(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    return {
        one.pk: Named(one.name, reverse("collect:migration", args=[one.public_id]))
        for one in (MigrationProject.objects.filter(id__in=ids) if viewer.can("collect.view") else ())
    }


def _mappings(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    return {
        one.pk: Named(one.name)
        for one in (SavedMapping.objects.filter(id__in=ids) if viewer.can("collect.view") else ())
    }

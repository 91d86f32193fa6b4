"""Tables of the collect module; private to it."""

from zhike.collect.models.consent_sighting import ConsentSighting
from zhike.collect.models.import_run import ImportRun
from zhike.collect.models.migration_project import MigrationProject
from zhike.collect.models.reject_row import RejectRow
from zhike.collect.models.saved_mapping import SavedMapping
from zhike.collect.models.source_report import Incentive, SourceFigures, SourceWork
from zhike.collect.models.tag_sighting import TagSighting
from zhike.collect.models.tracked_event import TrackedEvent, TrackedSighting, Visitor, VisitorLink

__all__ = [
    "ConsentSighting",
    "ImportRun",
    "Incentive",
    "MigrationProject",
    "RejectRow",
    "SavedMapping",
    "SourceFigures",
    "SourceWork",
    "TagSighting",
    "TrackedEvent",
    "TrackedSighting",
    "Visitor",
    "VisitorLink",
]

"""Tables of the desk: what staff keep for their own pages, and the acts and exports they started."""

from zhike.desk.models.bulk_act import BulkAct, BulkChange, ExactCount, HandedTask
from zhike.desk.models.export import Export, ExportRule
from zhike.desk.models.file_view import FileView, FileViewOfStaff, FileViewOfTeam
from zhike.desk.models.hand_over import HandOver
from zhike.desk.models.saved_view import RegisterLayout, SavedView

__all__ = [
    "BulkAct",
    "BulkChange",
    "ExactCount",
    "Export",
    "ExportRule",
    "FileView",
    "FileViewOfStaff",
    "FileViewOfTeam",
    "HandOver",
    "HandedTask",
    "RegisterLayout",
    "SavedView",
]

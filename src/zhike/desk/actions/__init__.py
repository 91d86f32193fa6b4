"""What staff do on the desk: keep views and columns, act on many customers, export."""

from zhike.desk.actions.bulk import BulkRefused, start_bulk, undo_bulk
from zhike.desk.actions.exports import ExportRefused, open_export, start_export
from zhike.desk.actions.views import ViewRefused, choose_columns, remove_view, save_view

__all__ = [
    "BulkRefused",
    "ExportRefused",
    "ViewRefused",
    "choose_columns",
    "open_export",
    "remove_view",
    "save_view",
    "start_bulk",
    "start_export",
    "undo_bulk",
]

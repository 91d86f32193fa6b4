"""What staff do on the desk: keep views and columns, act on many customers, export."""

from zhike.desk.actions.approvals import (
    ApprovalRefused,
    approve,
    confirm_alone,
    free_rows,
    is_alone,
    refuse,
    set_free_rows,
    waiting,
)
from zhike.desk.actions.bulk import BulkRefused, settable, start_bulk, undo_bulk
from zhike.desk.actions.counting import count_exactly
from zhike.desk.actions.exports import ExportRefused, column_labels, open_export, start_export
from zhike.desk.actions.file_views import (
    FileViewRefused,
    choose_file_view,
    give_teams_file_views,
    lay_out_file_view,
    ship_file_view,
)
from zhike.desk.actions.views import (
    ViewRefused,
    begin_with,
    change_view,
    choose_columns,
    duplicate_view,
    move_view,
    remove_view,
    restore_view,
    save_view,
)

__all__ = [
    "ApprovalRefused",
    "BulkRefused",
    "ExportRefused",
    "FileViewRefused",
    "ViewRefused",
    "approve",
    "begin_with",
    "change_view",
    "choose_columns",
    "choose_file_view",
    "column_labels",
    "confirm_alone",
    "count_exactly",
    "duplicate_view",
    "free_rows",
    "give_teams_file_views",
    "is_alone",
    "lay_out_file_view",
    "move_view",
    "open_export",
    "refuse",
    "remove_view",
    "restore_view",
    "save_view",
    "set_free_rows",
    "settable",
    "ship_file_view",
    "start_bulk",
    "start_export",
    "undo_bulk",
    "waiting",
]

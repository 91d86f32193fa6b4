"""The verbs of the collect module: take a file in, say what it is, check it, record it, undo it."""

from zhike.collect.actions.generated import begin_generated, end_generated, files_given_to, forget_generated
from zhike.collect.actions.incentives import (
    IncentiveRefused,
    book_incentive,
    counted_records,
    take_incentive_back,
)
from zhike.collect.actions.mappings import delete_mapping, save_mapping
from zhike.collect.actions.planning import ImportRefused, choose_source, describe, note_problem, start_check
from zhike.collect.actions.projects import FIGURES, expect_figures, open_project, put_into_project, reconcile, sign_off
from zhike.collect.actions.reporting import count_sources, note_work, start_count
from zhike.collect.actions.steering import pause_import, resume_import, start_import, undo_import
from zhike.collect.actions.storing import (
    add_lines,
    add_related,
    attach_lines,
    attach_related,
    register_file,
    store_file,
    take_run_id,
)
from zhike.collect.tracking.recording import (
    PreparedEvents,
    TrackedTally,
    forget_tracked,
    prepare_tracked,
    record_tracked,
)

__all__ = [
    "FIGURES",
    "ImportRefused",
    "IncentiveRefused",
    "PreparedEvents",
    "TrackedTally",
    "add_lines",
    "add_related",
    "attach_lines",
    "attach_related",
    "begin_generated",
    "book_incentive",
    "choose_source",
    "count_sources",
    "counted_records",
    "delete_mapping",
    "describe",
    "end_generated",
    "expect_figures",
    "files_given_to",
    "forget_generated",
    "forget_tracked",
    "note_problem",
    "note_work",
    "open_project",
    "pause_import",
    "prepare_tracked",
    "put_into_project",
    "reconcile",
    "record_tracked",
    "register_file",
    "resume_import",
    "save_mapping",
    "sign_off",
    "start_check",
    "start_count",
    "start_import",
    "store_file",
    "take_incentive_back",
    "take_run_id",
    "undo_import",
]

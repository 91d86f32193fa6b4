"""The verbs of the collect module: take a file in, say what it is, check it, record it, undo it."""

from zhike.collect.actions.generated import begin_generated, end_generated, files_given_to, forget_generated
from zhike.collect.actions.mappings import delete_mapping, save_mapping
from zhike.collect.actions.planning import ImportRefused, choose_source, describe, note_problem, start_check
from zhike.collect.actions.steering import pause_import, resume_import, start_import, undo_import
from zhike.collect.actions.storing import add_lines, attach_lines, register_file, store_file, take_run_id

__all__ = [
    "ImportRefused",
    "add_lines",
    "attach_lines",
    "begin_generated",
    "choose_source",
    "delete_mapping",
    "describe",
    "end_generated",
    "files_given_to",
    "forget_generated",
    "note_problem",
    "pause_import",
    "register_file",
    "resume_import",
    "save_mapping",
    "start_check",
    "start_import",
    "store_file",
    "take_run_id",
    "undo_import",
]

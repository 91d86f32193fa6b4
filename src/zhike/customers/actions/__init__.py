"""The verbs of the customers module: what other modules may do to customers."""

from zhike.customers.actions.adding import KnownAlready, add_customer
from zhike.customers.actions.attachments import attach, download, forget_attachments, remove_attachment
from zhike.customers.actions.batch import PreparedStatements, StaleBatch
from zhike.customers.actions.brought_consents import bring_consents, take_consents_back
from zhike.customers.actions.charge import REVIEW_OUTCOMES, ChargeRefused, note_review, set_deputy, set_key, set_reader
from zhike.customers.actions.consents import (
    Proof,
    give_consent,
    lapse_consents,
    reveal_evidence,
    withdraw_by_link,
    withdraw_consent,
)
from zhike.customers.actions.contacts import OUTCOMES, WAYS, Contact, note_outcome, record_contact, reveal_cutting
from zhike.customers.actions.editing import EditRefused, edit_field, edit_fields, normalized, reveal_field, undo_edit
from zhike.customers.actions.figures import set_order_figures, write_metrics
from zhike.customers.actions.file_numbers import set_pattern
from zhike.customers.actions.finish import finish_run, index_run
from zhike.customers.actions.forgetting import Forgotten, forget_demo
from zhike.customers.actions.guarded import EditConflict, edit_seen, set_field, withdraw_entries
from zhike.customers.actions.indexing import IndexBuffer
from zhike.customers.actions.keeping_values import keep_values
from zhike.customers.actions.labels import (
    add_tag,
    put_back,
    remove_tag,
    restore_tags,
    set_owner,
    tags_held,
)
from zhike.customers.actions.loss_reasons import ReasonRefused, add_loss_reason, archive_loss_reason
from zhike.customers.actions.market_flow import FLOW_CHANNELS, Flow, FlowRefused, note_flow, remove_flow
from zhike.customers.actions.merging import MergeRefused, merge_customers, unmerge
from zhike.customers.actions.moving import MoveRefused, move_record, undo_move
from zhike.customers.actions.paper import PaperRefused, mark_missing, place_paper
from zhike.customers.actions.record_tags import put_tags, tags_of_names, take_tags
from zhike.customers.actions.relations import Link, LinkRefused, end_relation, link_customers, link_new_customer
from zhike.customers.actions.sources import add_source, add_source_cost, archive_source, change_source
from zhike.customers.actions.stages import Because, set_stage, take_back_moves
from zhike.customers.actions.statements import prepare_statements, record_statements
from zhike.customers.actions.stopping import StopRefused, add_stop_reason, change_stop_reason, trace_stop
from zhike.customers.actions.verifications import VerifyRefused, verify_value, withdraw_verification
from zhike.customers.actions.withdrawal import withdraw_run
from zhike.customers.attached_files import LARGEST_BYTES, FileRefused
from zhike.customers.drafting import ids_to_draft, pack_statements, unpack_statements
from zhike.customers.funnel_values import PRESALE_STEPS, STAGES
from zhike.customers.house import house_record, house_record_ids
from zhike.customers.identity.counting import on_machine_merge, on_regrouped
from zhike.customers.numbers import PatternRefused
from zhike.customers.scope import CustomerUnknown

__all__ = [
    "FLOW_CHANNELS",
    "LARGEST_BYTES",
    "OUTCOMES",
    "PRESALE_STEPS",
    "REVIEW_OUTCOMES",
    "STAGES",
    "WAYS",
    "Because",
    "ChargeRefused",
    "Contact",
    "CustomerUnknown",
    "EditConflict",
    "EditRefused",
    "FileRefused",
    "Flow",
    "FlowRefused",
    "Forgotten",
    "IndexBuffer",
    "KnownAlready",
    "Link",
    "LinkRefused",
    "MergeRefused",
    "MoveRefused",
    "PaperRefused",
    "PatternRefused",
    "PreparedStatements",
    "Proof",
    "ReasonRefused",
    "StaleBatch",
    "StopRefused",
    "VerifyRefused",
    "add_customer",
    "add_loss_reason",
    "add_source",
    "add_source_cost",
    "add_stop_reason",
    "add_tag",
    "archive_loss_reason",
    "archive_source",
    "attach",
    "bring_consents",
    "change_source",
    "change_stop_reason",
    "download",
    "edit_field",
    "edit_fields",
    "edit_seen",
    "end_relation",
    "finish_run",
    "forget_attachments",
    "forget_demo",
    "give_consent",
    "house_record",
    "house_record_ids",
    "ids_to_draft",
    "index_run",
    "keep_values",
    "lapse_consents",
    "link_customers",
    "link_new_customer",
    "mark_missing",
    "merge_customers",
    "move_record",
    "normalized",
    "note_flow",
    "note_outcome",
    "note_review",
    "on_machine_merge",
    "on_regrouped",
    "pack_statements",
    "place_paper",
    "prepare_statements",
    "put_back",
    "put_tags",
    "record_contact",
    "record_statements",
    "remove_attachment",
    "remove_flow",
    "remove_tag",
    "restore_tags",
    "reveal_cutting",
    "reveal_evidence",
    "reveal_field",
    "set_deputy",
    "set_field",
    "set_key",
    "set_order_figures",
    "set_owner",
    "set_pattern",
    "set_reader",
    "set_stage",
    "tags_held",
    "tags_of_names",
    "take_back_moves",
    "take_consents_back",
    "take_tags",
    "trace_stop",
    "undo_edit",
    "undo_move",
    "unmerge",
    "unpack_statements",
    "verify_value",
    "withdraw_by_link",
    "withdraw_consent",
    "withdraw_entries",
    "withdraw_run",
    "withdraw_verification",
    "write_metrics",
]

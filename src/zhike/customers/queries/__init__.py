"""Questions the customers module answers; nothing here writes, and every answer keeps to the viewer's scope."""

from zhike.customers.card_kinds import KINDS as CARD_KINDS
from zhike.customers.card_kinds import kind_of as card_kind_of
from zhike.customers.funnel_values import BEFORE_SALE, POWER_OF_CLASS, PRESALE_STEPS, STAGES
from zhike.customers.identity.holding import regroupings
from zhike.customers.life_cycle import life_cycle
from zhike.customers.numbers import DEFAULT as DEFAULT_PATTERN
from zhike.customers.queries.abouts import abouts, group_ids
from zhike.customers.queries.accuracy import (
    Checked,
    accuracy_of_collectors,
    accuracy_of_sources,
    checked_customers,
)
from zhike.customers.queries.addressees import Addressee, MailAddress, addressee, mail_digest
from zhike.customers.queries.attachments import attachments, attachments_about, kinds_added
from zhike.customers.queries.brought_consents import foretell_consents
from zhike.customers.queries.cells import records_of, standing, stated_texts
from zhike.customers.queries.consents import (
    ConsentFile,
    ConsentLine,
    consent_for,
    consents_of,
    is_blocked,
    without_answers,
)
from zhike.customers.queries.contacts import contacts_of
from zhike.customers.queries.cuttings import cutting_of
from zhike.customers.queries.field_entries import FieldEntry, collectors_between, entered_by, entries_of
from zhike.customers.queries.file import (
    completeness,
    field_groups,
    field_value,
    figures_of,
    header,
    last_computed_at,
    masks_of,
    number_patterns,
    root_of,
    value_classes,
)
from zhike.customers.queries.filters import offered
from zhike.customers.queries.foresight import Foreseen, foresee
from zhike.customers.queries.funnel import (
    BoardAsked,
    board,
    board_column,
    last_contacts,
    lead_figures,
    lead_points,
    stage_since,
    stage_steps,
    standing_at,
)
from zhike.customers.queries.keyset import SORTS
from zhike.customers.queries.leaving import Leaving, leaving
from zhike.customers.queries.loss_reasons import loss_reason_names, loss_reasons
from zhike.customers.queries.market_flow import market_flows, market_shares
from zhike.customers.queries.matching import (
    MatchingFile,
    count_files,
    files_to_match,
    living_roots,
    members_of,
    name_counts,
    roots_of_run,
    standing_near,
)
from zhike.customers.queries.merges import facts_since, group_of, groups_of, merge, merges_of, roots_of
from zhike.customers.queries.moves import moves_of
from zhike.customers.queries.newest import newest_ids
from zhike.customers.queries.old_cards import old_card, old_cards
from zhike.customers.queries.organisation_chart import organisation_chart
from zhike.customers.queries.paper import paper_files, paper_of, sees_paper
from zhike.customers.queries.records_beside import customers_holding, records_beside
from zhike.customers.queries.register import (
    allowed_order,
    count,
    exact_count,
    lines,
    register,
    selected_ids,
    selection_size,
    tags_of,
)
from zhike.customers.queries.relations import companies_above, relations
from zhike.customers.queries.search import MOST, is_exact, search
from zhike.customers.queries.side_by_side import SideBySide, side_by_side
from zhike.customers.queries.source_figures import (
    customers_said_by,
    source_costs,
    source_costs_between,
    what_sources_brought,
)
from zhike.customers.queries.sources import places, source, source_details, source_lines, sources, tags
from zhike.customers.queries.stopping import stop_reasons, stop_traces
from zhike.customers.queries.tagged import customers_meant, records_meant, roots_meant, roots_of_numbers, tags_on
from zhike.customers.queries.timeline import place_of, timeline
from zhike.customers.queries.verification import (
    CheckedValue,
    Contradiction,
    VerificationAct,
    checked_values,
    confirmed_people,
    contradictions,
    shown_states,
    touched_by_run,
    verification_acts,
)
from zhike.customers.queries.whole_files import LiveVersion, WholeFile, whole_files, whole_files_of
from zhike.customers.queries.why import disagreement, why
from zhike.customers.rfm_groups import CELLS_OF_GROUP
from zhike.customers.scope import (
    customer_of_record,
    customers_of_records,
    erased_among,
    record_ids_of,
    records_in_scope,
)
from zhike.customers.verifying import CONTESTED
from zhike.customers.weights import weight, weights

__all__ = [
    "BEFORE_SALE",
    "CARD_KINDS",
    "CELLS_OF_GROUP",
    "CONTESTED",
    "DEFAULT_PATTERN",
    "MOST",
    "POWER_OF_CLASS",
    "PRESALE_STEPS",
    "SORTS",
    "STAGES",
    "Addressee",
    "BoardAsked",
    "Checked",
    "CheckedValue",
    "ConsentFile",
    "ConsentLine",
    "Contradiction",
    "FieldEntry",
    "Foreseen",
    "Leaving",
    "LiveVersion",
    "MailAddress",
    "MatchingFile",
    "SideBySide",
    "VerificationAct",
    "WholeFile",
    "abouts",
    "accuracy_of_collectors",
    "accuracy_of_sources",
    "addressee",
    "allowed_order",
    "attachments",
    "attachments_about",
    "board",
    "board_column",
    "card_kind_of",
    "checked_customers",
    "checked_values",
    "collectors_between",
    "companies_above",
    "completeness",
    "confirmed_people",
    "consent_for",
    "consents_of",
    "contacts_of",
    "contradictions",
    "count",
    "count_files",
    "customer_of_record",
    "customers_holding",
    "customers_meant",
    "customers_of_records",
    "customers_said_by",
    "cutting_of",
    "disagreement",
    "entered_by",
    "entries_of",
    "erased_among",
    "exact_count",
    "facts_since",
    "field_groups",
    "field_value",
    "figures_of",
    "files_to_match",
    "foresee",
    "foretell_consents",
    "group_ids",
    "group_of",
    "groups_of",
    "header",
    "is_blocked",
    "is_exact",
    "kinds_added",
    "last_computed_at",
    "last_contacts",
    "lead_figures",
    "lead_points",
    "leaving",
    "life_cycle",
    "lines",
    "living_roots",
    "loss_reason_names",
    "loss_reasons",
    "mail_digest",
    "market_flows",
    "market_shares",
    "masks_of",
    "members_of",
    "merge",
    "merges_of",
    "moves_of",
    "name_counts",
    "newest_ids",
    "number_patterns",
    "offered",
    "old_card",
    "old_cards",
    "organisation_chart",
    "paper_files",
    "paper_of",
    "place_of",
    "places",
    "record_ids_of",
    "records_beside",
    "records_in_scope",
    "records_meant",
    "records_of",
    "register",
    "regroupings",
    "relations",
    "root_of",
    "roots_meant",
    "roots_of",
    "roots_of_numbers",
    "roots_of_run",
    "search",
    "sees_paper",
    "selected_ids",
    "selection_size",
    "shown_states",
    "side_by_side",
    "source",
    "source_costs",
    "source_costs_between",
    "source_details",
    "source_lines",
    "sources",
    "stage_since",
    "stage_steps",
    "standing",
    "standing_at",
    "standing_near",
    "stated_texts",
    "stop_reasons",
    "stop_traces",
    "tags",
    "tags_of",
    "tags_on",
    "timeline",
    "touched_by_run",
    "value_classes",
    "verification_acts",
    "weight",
    "weights",
    "what_sources_brought",
    "whole_files",
    "whole_files_of",
    "why",
    "without_answers",
]

"""Consent 同意: purposes, the notices that tell them, and what people answered. Keyed to a subject, like erasure.

This is the mechanism: it knows subjects by kind and id and nothing of customers. `customers` says which subjects are one
person (a merged group), and of a group the most restrictive answer holds. What may be done is asked here each time it is
about to be done; no answer is kept anywhere that outlives a withdrawal.
"""

from zhike.secure.consents.bringing import Brought, Newest, bring, newest_answers, take_back, take_ids
from zhike.secure.consents.forgetting import forget, sweep
from zhike.secure.consents.notices import (
    NoticeRefused,
    change_notice,
    current_notice,
    digest_of,
    forget_notices,
    make_notice,
    notice,
    notices,
)
from zhike.secure.consents.purposes import (
    BASES,
    Purpose,
    PurposeRefused,
    add_purpose,
    archive_purpose,
    purpose,
    purposes,
    restore_purpose,
)
from zhike.secure.consents.recording import ConsentRefused, Said, record, reveal_evidence
from zhike.secure.consents.records import Answer, Standing
from zhike.secure.consents.reporting import PurposeReport, report, withdrawals
from zhike.secure.consents.rules import STRICTNESS as STRICTEST_FIRST
from zhike.secure.consents.rules import most_restrictive
from zhike.secure.consents.standing import history, standing, standings
from zhike.secure.consents.states import is_lapse_due, lapse, subjects_in
from zhike.secure.consents.words import ANSWERS, STATES, WAYS

__all__ = [
    "ANSWERS",
    "BASES",
    "STATES",
    "STRICTEST_FIRST",
    "WAYS",
    "Answer",
    "Brought",
    "ConsentRefused",
    "Newest",
    "NoticeRefused",
    "Purpose",
    "PurposeRefused",
    "PurposeReport",
    "Said",
    "Standing",
    "add_purpose",
    "archive_purpose",
    "bring",
    "change_notice",
    "current_notice",
    "digest_of",
    "forget",
    "forget_notices",
    "history",
    "is_lapse_due",
    "lapse",
    "make_notice",
    "most_restrictive",
    "newest_answers",
    "notice",
    "notices",
    "purpose",
    "purposes",
    "record",
    "report",
    "restore_purpose",
    "reveal_evidence",
    "standing",
    "standings",
    "subjects_in",
    "sweep",
    "take_back",
    "take_ids",
    "withdrawals",
]

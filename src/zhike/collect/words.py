"""Codes of states as the mapping page offers them."""

from zhike.shop.queries import words

CASE_AND_ORDER_STATES = {
    "order.status": words.ORDER_STATES,
    "case.status": words.CASE_STATES,
    "case.kind": words.CASE_KINDS,
}

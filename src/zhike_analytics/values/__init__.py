"""Normalizing single values: pure functions, one noun per file.

Each function returns a small frozen record or raises :class:`ValueProblem` with a code. Nothing
here reads a clock, a file or the network; nothing here puts a value into an exception.
"""

from zhike_analytics.values.addresses import Address, address
from zhike_analytics.values.amounts import Amount, amount, line_cents, parse_amount
from zhike_analytics.values.codes import BankCard, IdCard, Uscc, bank_card, id_card, luhn_ok, uscc
from zhike_analytics.values.emails import Email, email
from zhike_analytics.values.masks import mask
from zhike_analytics.values.moments import Moment, moment
from zhike_analytics.values.persons import Person, name_sort, name_tokens, person
from zhike_analytics.values.phones import Phone, phone
from zhike_analytics.values.problem import ValueProblem
from zhike_analytics.values.text import (
    fold,
    is_blank_word,
    is_masked,
    lost_digits,
    squash,
    strip_export_quirks,
)

__all__ = [
    "Address",
    "Amount",
    "BankCard",
    "Email",
    "IdCard",
    "Moment",
    "Person",
    "Phone",
    "Uscc",
    "ValueProblem",
    "address",
    "amount",
    "bank_card",
    "email",
    "fold",
    "id_card",
    "is_blank_word",
    "is_masked",
    "line_cents",
    "lost_digits",
    "luhn_ok",
    "mask",
    "moment",
    "name_sort",
    "name_tokens",
    "parse_amount",
    "person",
    "phone",
    "squash",
    "strip_export_quirks",
    "uscc",
]

"""Places data comes from: each code names one of them, however many register it at once."""

import pytest
from django.db.models import QuerySet

from zhike.customers import actions, queries
from zhike.customers.actions.sources import SourceRefused
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def register(code: str) -> int:
    given = {"name": code, "channel_kind": "shop_platform", "legal_basis": "contract"}
    return actions.add_source(code=code, by=BY, **given).id


def test_of_two_who_register_a_source_at_once_the_later_is_told_that_it_is_there(monkeypatch):
    made = register("tea-shop")
    with monkeypatch.context() as moment:
        moment.setattr(QuerySet, "exists", lambda asked: False)  # nobody had it when the later one asked
        with pytest.raises(SourceRefused, match="code_taken"):
            register("tea-shop")
    assert [s.id for s in queries.sources() if s.code == "tea-shop"] == [made]


def test_an_import_takes_the_source_that_another_registered_meanwhile(monkeypatch):
    from zhike.cli import import_

    made, asked = register("taobao"), import_._known_source
    answers = iter([None])
    monkeypatch.setattr(import_, "_known_source", lambda code, **how: next(answers, asked(code, **how)))
    assert import_._source("taobao_order_lines", "orders", "taobao", "", "") == made

"""Any sequence of arrivals, edits, tags, consents, withdrawals, moves, merges, takings apart and undone imports, held against the model.

`ZHIKE_PROVE_SEQUENCES` says how many sequences (`make prove` asks for many); each is a world of its own, rolled back.
"""

import datetime as dt
import os
from collections import defaultdict
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.conftest import ON_POSTGRESQL
from tests.customers.identity.model import Key, World
from tests.customers.identity.tables import whole_rows
from zhike.customers import actions, queries
from zhike.customers.models import Customer, CustomerCard, NameToken, SourceRecord
from zhike.customers.normalizing import external_key_of
from zhike.customers.records import RegisterFilter, Statement
from zhike.kit import clock, ids
from zhike.secure import consents
from zhike.secure.records import LOCAL_OPERATOR as CLERK
from zhike.shop import actions as shop
from zhike.shop.records import LineStatement, OrderStatement
from zhike_analytics.values import persons

SEQUENCES = int(os.environ.get("ZHIKE_PROVE_SEQUENCES", "4" if ON_POSTGRESQL else "8"))
STEPS = int(os.environ.get("ZHIKE_PROVE_STEPS", "25"))
PHASES = (Phase.explicit, Phase.generate) if os.environ.get("ZHIKE_PROVE_UNSHRUNK") else tuple(Phase)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.timeout(3600)]

_DAY = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
_SOURCES = ("taobao", "shopify", "youzan")
_KEYS = st.tuples(st.sampled_from(_SOURCES), st.sampled_from(["a", "b"]))
_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["王小明", "李秀英", "陈大文"]),
        "city": st.sampled_from(["广州市", "杭州市"]),
        "email": st.sampled_from(["a@example.com", "b@example.com"]),
    },
)
_PURPOSE = "marketing_mail"
_PICK = st.integers(0, 10**6)


class IdentityMachine(RuleBasedStateMachine):
    """The product and the model side by side. `real` maps the model's customers to the product's."""

    @initialize()
    def begin(self) -> None:
        self._atomic = [transaction.atomic(), transaction.atomic("keyring")]
        for block in self._atomic:
            block.__enter__()
        self.world, self.run = World(), 0
        self.real: dict[int, int] = {}
        self.sources = {code: self._source(code) for code in _SOURCES}
        self.undone: set[int] = set()
        self.merge_ids: list[int] = []
        self.link_ids: list[int] = []
        self.entries: list[tuple[int, int]] = []  # (version in the model, id)
        self.tags: dict[str, set[int]] = defaultdict(set)
        self.notice = consents.make_notice(_PURPOSE, {"en": {"title": "News", "body": "Once a month."}}, by=CLERK)

    def teardown(self) -> None:
        if hasattr(self, "_atomic"):
            for alias, block in zip(("default", "keyring"), self._atomic, strict=True):
                transaction.set_rollback(True, alias)
                block.__exit__(None, None, None)
            ids.forget_blocks()

    # -- what happens

    @rule(
        key=_KEYS,
        facts=_FACTS,
        day=st.integers(0, 3),
        again=st.booleans(),
        cents=st.sampled_from([0, 0, 500, 900]),
        order=st.sampled_from("xy"),
    )
    def arrives(self, key: Key, facts: dict[str, str], day: int, again: bool, cents: int, order: str) -> None:
        self.run += 0 if again and self._speaks_on((key[0], order)) else 1
        said = Statement(
            ("platform_handle", key[1]), _DAY + dt.timedelta(days=day), {"platform_handle": key[1], **facts}, 1
        )
        self.world.arrive(self.run, key, dict(facts), day)
        if cents:
            self._order((key[0], order), said, cents)
            self.world.orders.setdefault((key[0], order), []).append((self.run, key, cents))
        else:
            actions.record_statements(actions.prepare_statements(self.sources[key[0]], [said], run_id=self.run))
        self._finish()
        self._learn(key)

    @precondition(lambda self: self.run)
    @rule(pick=_PICK)
    def import_is_undone(self, pick: int) -> None:
        run = 1 + pick % self.run
        for undo in (shop.withdraw_run, actions.withdraw_run):
            for _ in undo(run):
                pass
        self.world.undo(run)
        self.undone.add(run)

    @precondition(lambda self: self.real)
    @rule(who=_PICK, name=st.sampled_from(["name", "city"]), text=st.sampled_from(["", "周大", "深圳市"]))
    def staff_enters(self, who: int, name: str, text: str) -> None:
        root = self._root(who)
        version_id = actions.edit_field(self.real[root], name, text, by=CLERK)
        key = ("house", str(root))
        self.world.homes.setdefault(key, root)
        self.world.arrive(0, key, {name: text, "_": str(len(self.world.versions))}, 0)
        version = self.world.versions[-1]
        version.sightings.clear()
        version.entered = True
        self.entries.append((version.number, version_id))

    @precondition(lambda self: self.entries)
    @rule(pick=_PICK)
    def staff_takes_an_entry_back(self, pick: int) -> None:
        number, version_id = self.entries.pop(pick % len(self.entries))
        actions.undo_edit(version_id, by=CLERK)
        self.world.versions[number].entered = False

    @precondition(lambda self: self.real)
    @rule(who=_PICK, name=st.sampled_from(["vip", "new"]), off=st.booleans())
    def staff_tags(self, who: int, name: str, off: bool) -> None:
        root = self._root(who)
        held = {c for c in self.tags[name] if self.world.root(c) == root}
        if off:
            actions.remove_tag([self.real[root]], name, by=CLERK)
            self.tags[name] -= held
        else:
            actions.add_tag([self.real[root]], name, by=CLERK)
            self.tags[name] |= set() if held else {root}

    @precondition(lambda self: self.real)
    @rule(who=_PICK, owner=st.sampled_from([None, 3, 4]), stage=st.sampled_from(actions.STAGES))
    def staff_sets_owner_and_stage(self, who: int, owner: int | None, stage: str) -> None:
        actions.set_owner([self.real[self._root(who)]], owner, by=CLERK)
        actions.set_stage([self.real[self._root(who)]], stage, by=CLERK)

    @precondition(lambda self: len(self.real) > 1)
    @rule(one=_PICK, other=_PICK)
    def two_are_merged(self, one: int, other: int) -> None:
        absorbed, survivor = self._customer(one), self._customer(other)
        roots = self.world.root(absorbed), self.world.root(survivor)
        given: dict[str, Any] = {"absorbed_id": self.real[absorbed], "survivor_id": self.real[survivor]}
        refusal = "same" if roots[0] == roots[1] else "archived" if not all(map(self.world.live, roots)) else ""
        if refusal:
            with pytest.raises(actions.MergeRefused) as refused:
                actions.merge_customers(**given, why="by_hand", by=CLERK)
            assert refused.value.code == refusal
            return
        before = whole_rows()
        done = actions.merge_customers(**given, why="by_hand", by=CLERK)
        actions.unmerge(done.merge_id, by=CLERK)
        assert whole_rows() == before
        self.merge_ids.append(actions.merge_customers(**given, why="by_hand", by=CLERK).merge_id)
        self.world.merges.append(roots)

    @precondition(lambda self: self.merge_ids)
    @rule(pick=_PICK)
    def a_merge_is_taken_apart(self, pick: int) -> None:
        number = pick % len(self.merge_ids)
        if number in self.world.undone_merges:
            with pytest.raises(actions.MergeRefused):
                actions.unmerge(self.merge_ids[number], by=CLERK)
            return
        actions.unmerge(self.merge_ids[number], by=CLERK)
        self.world.undone_merges.add(number)

    @precondition(lambda self: self.real)
    @rule(pick=_PICK, to=st.none() | _PICK)
    def a_record_is_moved(self, pick: int, to: int | None) -> None:
        keys = [key for key in self.world.homes if key[0] != "house"]
        key = keys[pick % len(keys)]
        here = self.world.root(self.world.place(key))
        target = None if to is None else self._customer(to)
        is_refused = self.world.records(here) == [key] if target is None else self.world.root(target) == here
        if is_refused:
            with pytest.raises(actions.MoveRefused):
                actions.move_record(self._record(key), target and self.real[target], by=CLERK)
            return
        moved = actions.move_record(self._record(key), target and self.real[target], by=CLERK)
        there = self.world.new_customer() if target is None else self.world.root(target)
        self.real.setdefault(there, moved.to_id)
        self.link_ids.append(moved.link_id)
        self.world.links.append((key, there))

    @precondition(lambda self: len(self.link_ids) > len(self.world.undone_links))
    @rule(pick=_PICK)
    def a_move_is_taken_back(self, pick: int) -> None:
        left = [n for n in range(len(self.link_ids)) if n not in self.world.undone_links]
        number = left[pick % len(left)]
        actions.undo_move(self.link_ids[number], by=CLERK)
        self.world.undone_links.add(number)

    @precondition(lambda self: self.real)
    @rule(who=_PICK, agreed=st.booleans(), day=st.integers(0, 3), noted=st.integers(0, 3))
    def somebody_answers_to_a_purpose(self, who: int, agreed: bool, day: int, noted: int) -> None:
        root, at = self._root(who), _DAY + dt.timedelta(days=day)
        if agreed:
            actions.give_consent(self.real[root], _PURPOSE, way="form", at=at, notice_id=self.notice, by=CLERK)
        else:
            day = max(day, noted)  # noted later than said, it counts from when it became known
            with clock.freeze(_DAY + dt.timedelta(days=day)):
                actions.withdraw_consent(self.real[self._customer(who)], _PURPOSE, way="phone", at=at, by=CLERK)
        self.world.answer(root, agreed, day)

    # -- what must hold after each step

    @invariant()
    def files_are_what_the_model_says(self) -> None:
        if not getattr(self, "real", None):
            return
        back = {real: own for own, real in self.real.items()}
        roots = {back[c]: back[r] for c, r in Customer.objects.values_list("id", "root_id")}
        assert roots == {c: self.world.root(c) for c in self.real}
        cards = {back[c.customer_id]: c for c in CustomerCard.objects.all()}
        assert set(cards) == set(roots.values())
        for root, card in cards.items():
            self._holds(root, card)
        for answer in ("given", "withdrawn", "unknown"):
            asked = RegisterFilter(consent=f"{_PURPOSE}={answer}", archived="all")
            listed = {row.customer_id for row in queries.register(CLERK, asked, limit=200).rows}
            assert listed == {c.customer_id for root, c in cards.items() if self.world.consent(root) == answer}

    def _holds(self, root: int, card: CustomerCard) -> None:
        said = self.world.card(root)
        assert (card.name, card.city) == (said.get("name", ""), said.get("city", ""))
        assert card.has_email == ("email" in said)
        assert (card.archived_at is None) == bool(self.world.live(root))
        assert (card.order_count, card.net_cents) == self.world.figures(root)
        assert not queries.disagreement(card.customer_id)
        answer = self.world.consent(root)
        assert queries.consent_for(card.customer_id, _PURPOSE).state == answer
        assert queries.consent_for(self.real[root], _PURPOSE).is_allowed == (answer == "given")
        tokens = NameToken.objects.filter(customer_id=card.customer_id).values_list("token", flat=True)
        called = {self.world.own_name(c) for c in self.real if self.world.root(c) == root} | {card.name}
        assert set(tokens) == {token for name in called if name for token in persons.name_tokens(name)}
        tags = {t.name for t in queries.tags_of([card.customer_id]).get(card.customer_id, ())}
        assert tags == {name for name, held in self.tags.items() if any(self.world.root(c) == root for c in held)}

    # -- how the product is asked

    def _source(self, code: str) -> int:
        return actions.add_source(
            code=code, name=code, channel_kind="shop_platform", platform=code, legal_basis="contract", by=CLERK
        ).id

    def _order(self, number: Key, buyer: Statement, cents: int) -> None:
        line = LineStatement("SKU", "杯子", "1", f"{cents / 100:.2f}", row_no=1)
        order = OrderStatement(number[1], buyer.as_of, (line,), 1, buyer=buyer)
        shop.record_orders(shop.prepare_orders(self.sources[number[0]], [order], run_id=self.run))

    def _finish(self) -> None:
        for finish in (actions.finish_run, shop.finish_run):
            for _ in finish(self.run):
                pass

    def _speaks_on(self, order: Key) -> bool:
        """Whether the last run may go on: it was not undone, and says an order once."""
        said = {run for run, _, _ in self.world.orders.get(order, ())}
        return bool(self.run) and self.run not in self.undone | said

    def _learn(self, key: Key) -> None:
        place = self.world.place(key)
        self.real.setdefault(
            place, SourceRecord.objects.values_list("customer_id", flat=True).get(pk=self._record(key))
        )

    def _record(self, key: Key) -> int:
        named = external_key_of("platform_handle", key[1])
        return SourceRecord.objects.values_list("id", flat=True).get(source_id=self.sources[key[0]], external_key=named)

    def _customer(self, pick: int) -> int:
        return sorted(self.real)[pick % len(self.real)]

    def _root(self, pick: int) -> int:
        return self.world.root(self._customer(pick))


def test_whatever_happens_the_files_are_what_the_model_says() -> None:
    run_state_machine_as_test(
        IdentityMachine,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )

"""Stories of the register: what it keeps, in which order, how it turns its pages, and that no page walks the whole base."""

import datetime as dt
import random
import re

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tests.conftest import ON_POSTGRESQL
from tests.desk.ground import HIDDEN, MASKED, viewer
from zhike.customers import queries
from zhike.customers.models import Customer, CustomerCard, CustomerTag, Tag
from zhike.customers.queries import filters, keyset, walking
from zhike.customers.records import RegisterFilter, Selection
from zhike.secure.records import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SORTS = [sign + code for code in queries.SORTS for sign in ("", "-")]
on_sqlite = pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL weighs plans by statistics: its own test is below")
on_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite's plans have their own tests")
START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
ALONG = ("last_order", "orders", "net", "class")  # sorts whose index carries the figures
CLASSES = ("important_value", "general_value", "general_win_back")


def lay_cards(count: int, seed: int = 3) -> list[CustomerCard]:
    """Cards with many ties and empty columns, as real bases have them."""
    chance = random.Random(seed)
    cards = []
    for number in range(1, count + 1):
        orders = chance.choice([0, 0, 1, 1, 2, 5])
        cards.append(
            CustomerCard(
                customer_id=number,
                number=f"K{number:07d}",
                name=f"人{number}",
                name_sort=chance.choice(["", "li", "wang", "wang xiao", "zhao"]),
                city=chance.choice(["杭州市", "上海市", ""]),
                has_phone=chance.random() < 0.5,
                owner_staff_id=chance.choice([None, 1, 2, 3]),
                stage="current" if orders else "potential",
                first_source_id=1,
                order_count=orders,
                net_cents=orders * chance.choice([1000, 2000]),
                last_order_at=START + dt.timedelta(days=chance.randrange(6)) if orders else None,
                rfm_class=chance.choice(CLASSES) if orders else "",
                rfm_cell=f"{chance.randint(1, 5)}{chance.randint(1, 5)}{chance.randint(1, 5)}" if orders else "",
                created_at=START + dt.timedelta(days=chance.randrange(4)),
                updated_at=START,
                archived_at=START if chance.random() < 0.1 else None,
                change_seq=1,
            )
        )
    people = [
        Customer(
            id=c.customer_id,
            public_id=f"p{c.customer_id}",
            number=c.number,
            root_id=c.customer_id,
            created_at=START,
            change_seq=1,
        )
        for c in cards
    ]
    Customer.objects.bulk_create(people)
    CustomerCard.objects.bulk_create(cards)
    return cards


@pytest.fixture(scope="module")
def laid(lasting_ground: None) -> list[CustomerCard]:
    """The cards all stories of this file read, laid once."""
    return lay_cards(160)


@pytest.fixture
def cards(laid: list[CustomerCard], db: None) -> list[CustomerCard]:
    return laid


def pages(who: Viewer, wanted: RegisterFilter, sort: str, limit: int = 7) -> tuple[list[int], list[list[int]]]:
    """Walk the register forward to its end; all ids in order, and each page."""
    seen, after = [], ""
    while True:
        page = queries.register(who, wanted, sort=sort, after=after, limit=limit)
        seen.append([r.customer_id for r in page.rows])
        after = page.next_key
        if not after:
            return [i for ids in seen for i in ids], seen


def expected(cards: list[CustomerCard], sort: str) -> list[int]:
    """The order a reader expects: empty last dates stand last from the greatest down, ids break ties the same way."""
    column = queries.SORTS[sort.removeprefix("-")].column
    floor = START - dt.timedelta(days=9999)

    def key(card: CustomerCard) -> tuple[object, int]:
        value = getattr(card, column)
        return (floor if value is None else value, card.customer_id)

    return [c.customer_id for c in sorted(cards, key=key, reverse=sort.startswith("-"))]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_follow_each_other_without_gap_or_repeat(cards: list[CustomerCard], sort: str) -> None:
    live = [c for c in cards if c.archived_at is None]
    found, _ = pages(viewer(), RegisterFilter(), sort)
    if sort.endswith(
        "name"
    ):  # a database may compare texts by its own rules: every customer once, equal names together
        assert sorted(found) == sorted(c.customer_id for c in live)
    else:
        assert found == expected(live, sort)


@pytest.mark.parametrize("sort", SORTS)
def test_going_back_shows_the_page_one_came_from(cards: list[CustomerCard], sort: str) -> None:
    _, forward = pages(viewer(), RegisterFilter(city="杭州市"), sort)
    last = queries.register(viewer(), RegisterFilter(city="杭州市"), sort=sort, limit=7)
    while last.next_key:
        last = queries.register(viewer(), RegisterFilter(city="杭州市"), sort=sort, after=last.next_key, limit=7)
    back = [[r.customer_id for r in last.rows]]
    while last.previous_key:
        last = queries.register(viewer(), RegisterFilter(city="杭州市"), sort=sort, before=last.previous_key, limit=7)
        back.append([r.customer_id for r in last.rows])
    assert back[::-1][1:] == forward[1:]
    assert set(back[-1]) <= {i for page in forward for i in page}


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    "reach",
    [
        pytest.param(5, marks=pytest.mark.long_on_postgresql),
        40,
        pytest.param(10_000, marks=pytest.mark.long_on_postgresql),
    ],
)
@pytest.mark.parametrize("more", [{}, {"net_max_cents": 2000}, {"last_from": START + dt.timedelta(days=2)}])
def test_walking_and_scanning_give_the_same_pages_as_fetching_ids(
    cards: list[CustomerCard], sort: str, reach: int, more: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = RegisterFilter(rfm_class="general_win_back", **more)
    by_ids, _ = pages(viewer(), wanted, sort)
    monkeypatch.setattr(walking, "FEW", 3)
    monkeypatch.setattr(walking, "WALK_ROWS", reach)
    plans = {queries.register(viewer(), wanted, sort=sort, limit=7).plan}
    assert pages(viewer(), wanted, sort)[0] == by_ids
    assert plans <= {"walk", "scan", "along", "ids"}
    assert (plans == {"along"}) == (sort.removeprefix("-") in ALONG)


def test_a_new_customer_moves_no_page_already_turned(cards: list[CustomerCard]) -> None:
    first = queries.register(viewer(), RegisterFilter(), limit=10)
    lay = dict.fromkeys(("name", "name_sort"), "新")
    CustomerCard.objects.create(
        customer_id=9999,
        number="K9999",
        created_at=START + dt.timedelta(days=99),
        updated_at=START,
        change_seq=2,
        **lay,
    )
    second = queries.register(viewer(), RegisterFilter(), after=first.next_key, limit=10)
    assert [r.customer_id for r in (*first.rows, *second.rows)] == expected(
        [c for c in cards if not c.archived_at], "-created"
    )[:20]


@pytest.mark.parametrize(
    ("wanted", "keeps"),
    [
        (RegisterFilter(city="杭州市"), lambda c: c.city == "杭州市"),
        (RegisterFilter(has_phone=True), lambda c: c.has_phone),
        (RegisterFilter(has_phone=False), lambda c: not c.has_phone),
        (RegisterFilter(stage="current"), lambda c: c.stage == "current"),
        (RegisterFilter(owner_ids=(1, 2)), lambda c: c.owner_staff_id in (1, 2)),
        (RegisterFilter(owner_ids=(0,)), lambda c: c.owner_staff_id is None),
        (RegisterFilter(orders_max=0), lambda c: c.order_count == 0),
        (RegisterFilter(orders_min=2, net_max_cents=4000), lambda c: c.order_count >= 2 and c.net_cents <= 4000),
        (RegisterFilter(net_max_cents=1000), lambda c: c.net_cents <= 1000),
        (
            RegisterFilter(last_from=START + dt.timedelta(days=3)),
            lambda c: c.last_order_at and c.last_order_at >= START + dt.timedelta(days=3),
        ),
        (RegisterFilter(rfm_r=5), lambda c: c.rfm_cell[:1] == "5"),
        (RegisterFilter(rfm_group="loyal"), lambda c: c.rfm_cell[:2] in {"34", "35", "44", "45"}),
        (RegisterFilter(rfm_group="champions"), lambda c: c.rfm_cell[:2] in {"54", "55"}),
        (RegisterFilter(rfm_r=5, rfm_f=4), lambda c: c.rfm_cell[:2] == "54"),
        (RegisterFilter(rfm_m=3), lambda c: c.rfm_cell[2:] == "3"),
        (RegisterFilter(rfm_class="important_value"), lambda c: c.rfm_class == "important_value"),
        (RegisterFilter(ids=frozenset({1, 2, 3})), lambda c: c.customer_id in (1, 2, 3)),
    ],
)
def test_a_filter_keeps_whom_it_names(cards: list[CustomerCard], wanted: RegisterFilter, keeps) -> None:
    live = {c.customer_id for c in cards if c.archived_at is None and keeps(c)}
    found, _ = pages(viewer(), wanted, "-created", limit=50)
    assert set(found) == live
    assert queries.count(viewer(), wanted).number == len(live)


def test_archived_files_come_when_asked_for(cards: list[CustomerCard]) -> None:
    gone = {c.customer_id for c in cards if c.archived_at}
    assert set(pages(viewer(), RegisterFilter(archived="only"), "-created")[0]) == gone
    assert len(pages(viewer(), RegisterFilter(archived="all"), "-created")[0]) == len(cards)


def test_several_tags_must_all_be_there(cards: list[CustomerCard]) -> None:
    for tag_id, holders in ((1, (1, 2, 3)), (2, (2, 3, 4))):
        Tag.objects.create(id=tag_id, name=f"t{tag_id}", created_at=START)
        CustomerTag.objects.bulk_create(CustomerTag(tag_id=tag_id, customer_id=c, root_id=c, at=START) for c in holders)
    found, _ = pages(viewer(), RegisterFilter(tag_ids=(1, 2), archived="all"), "-created")
    assert set(found) == {2, 3}


def test_a_list_whose_cards_were_fetched_is_not_counted_again(cards: list[CustomerCard]) -> None:
    wanted = RegisterFilter(city="杭州市")
    page = queries.register(viewer(), wanted, limit=5)
    with CaptureQueriesContext(connection) as asked:
        told = queries.count(viewer(), wanted, page=page)
    assert (told.number, told.capped, len(asked)) == (queries.exact_count(viewer(), wanted), False, 0)


def test_counts_stop_and_say_so(cards: list[CustomerCard]) -> None:
    counted = queries.count(viewer(), RegisterFilter(archived="all"), cap=101)
    assert (counted.number, counted.capped) == (100, True)


@pytest.mark.parametrize(("scope", "team", "owners"), [("own", (), {1}), ("team", (1, 2), {1, 2})])
def test_others_customers_are_not_there(
    cards: list[CustomerCard], scope: str, team: tuple[int, ...], owners: set[int]
) -> None:
    who = viewer(scope=scope, team=team, staff_id=1)
    found, _ = pages(who, RegisterFilter(archived="all"), "net")
    assert set(found) == {c.customer_id for c in cards if c.owner_staff_id in owners}
    foreign = next(c.customer_id for c in cards if c.owner_staff_id == 3)
    assert queries.header(who, foreign) is None
    assert queries.root_of(who, f"p{foreign}") is None
    assert queries.lines(who, [foreign]) == {}
    assert list(queries.selected_ids(who, Selection(ids=(foreign,)))) == []


def test_what_one_may_not_see_is_neither_filter_nor_sort(cards: list[CustomerCard]) -> None:
    blind = viewer(city=HIDDEN, rfm_class=HIDDEN, name=MASKED)
    assert not queries.offered(blind, "city")
    assert queries.register(blind, RegisterFilter(city="杭州市")).rows == ()
    assert queries.allowed_order(blind, "name").text == "-created"
    assert all(
        r.city == "" and r.rfm_class == "" and "人" not in r.name[1:]
        for r in queries.register(blind, RegisterFilter()).rows
    )


def test_a_cursor_carries_no_name(cards: list[CustomerCard]) -> None:
    import base64

    page = queries.register(viewer(), RegisterFilter(), sort="name", limit=3)
    assert b"wang" not in base64.urlsafe_b64decode(page.next_key + "==")


@pytest.mark.parametrize(
    "token", ["x", "W10", "WyJhIl0", "WzEsIDJd" * 99, "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "bnVsbA"]
)
def test_a_damaged_cursor_begins_at_the_top(cards: list[CustomerCard], token: str) -> None:
    for sort in SORTS:
        top = queries.register(viewer(), RegisterFilter(), sort=sort, limit=5).rows
        assert queries.register(viewer(), RegisterFilter(), sort=sort, after=token, limit=5).rows[:1] == top[:1]


def test_a_page_asks_the_same_few_questions_however_long(cards: list[CustomerCard]) -> None:
    counts = []
    for limit in (5, 100):
        with CaptureQueriesContext(connection) as asked:
            queries.register(viewer(), RegisterFilter(), limit=limit)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5


def test_a_selection_goes_through_everybody_once(cards: list[CustomerCard]) -> None:
    chosen = Selection(matching=RegisterFilter(city="杭州市"))
    chunks = list(queries.selected_ids(viewer(), chosen, chunk=9))
    ids = [i for chunk in chunks for i in chunk]
    assert ids == sorted(set(ids))
    assert len(ids) == queries.selection_size(viewer(), chosen)


# -- plans


def plan_of(action) -> str:
    """What the database says it will do for each statement on cards."""
    with CaptureQueriesContext(connection) as asked:
        action()
    lines = []
    with connection.cursor() as cursor:
        for query in asked:
            if "customers_customercard" in query["sql"] and query["sql"].startswith(("SELECT", "WITH")):
                cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + query["sql"])
                lines += [" ".join(str(part) for part in row) for row in cursor.fetchall()]
    return "\n".join(lines)


@on_sqlite
@pytest.mark.parametrize("sort", SORTS)
def test_an_unfiltered_page_walks_the_index_of_its_sort(cards: list[CustomerCard], sort: str) -> None:
    first = queries.register(viewer(), RegisterFilter(), sort=sort, limit=20)
    for after in ("", first.next_key):
        plan = plan_of(lambda key=after: queries.register(viewer(), RegisterFilter(), sort=sort, after=key, limit=20))
        assert "USING INDEX card_" in plan
        assert "TEMP B-TREE" not in plan


@on_sqlite
@pytest.mark.parametrize("sort", SORTS)
def test_a_filtered_walk_stays_on_the_index_and_a_scan_takes_none(
    cards: list[CustomerCard], sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "FEW", 3)
    monkeypatch.setattr(walking, "WALK_ROWS", 100)
    wanted = RegisterFilter(rfm_class="important_value", city="杭州市")
    near = filters.matching(viewer(), wanted, indexed=False)
    order = keyset.parse_order(sort)
    walk = plan_of(lambda: walking._near(near, order, None, 5, Q()))
    assert "USING INDEX card_" in walk or "USING COVERING INDEX card_" in walk
    assert "TEMP B-TREE" not in walk
    scan = plan_of(lambda: walking.straight(near, order, None, 5, indexed=False))
    assert "SCAN customers_customercard" in scan
    assert "INDEX card_along_class" not in scan


RANGES = [
    {"net_max_cents": 2000},
    {"net_min_cents": 2000},
    {"orders_max": 1},
    {"orders_min": 2},
    {"last_from": START + dt.timedelta(days=2)},
    {"last_to": START + dt.timedelta(days=2)},
    {"rfm_class": "important_value"},
    {"stage": "current", "has_phone": True},
    {"owner_ids": (0, 2)},
    {"rfm_r": 3},
]


@on_sqlite
@pytest.mark.parametrize("sort", [sign + code for code in ALONG for sign in ("", "-")])
@pytest.mark.parametrize("asked", RANGES, ids=lambda asked: "+".join(asked))
def test_a_filter_by_figures_walks_a_sort_by_figures_without_touching_the_table(
    cards: list[CustomerCard], sort: str, asked: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "FEW", 3)
    plan = plan_of(lambda: queries.register(viewer(), RegisterFilter(**asked), sort=sort, limit=5)).splitlines()
    walked = [line for line in plan if f"COVERING INDEX card_along_{sort.removeprefix('-')}" in line]
    assert walked and not any("TEMP B-TREE" in line for line in plan), plan
    sorted_by = queries.SORTS[sort.removeprefix("-")].column
    if any(filters._CONDITIONS[name][0] == sorted_by for name in asked if name in filters._CONDITIONS):
        assert any(f"({sorted_by}" in line for line in walked), (
            "a range of the sorted column is where the walk begins or ends"
        )


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("asked", [{}, {"city": "杭州市"}, *RANGES], ids=lambda asked: "+".join(asked) or "unfiltered")
@pytest.mark.parametrize("few", [pytest.param(True, marks=pytest.mark.long_on_postgresql), False])
def test_every_sort_and_filter_asks_a_handful_of_questions(
    cards: list[CustomerCard], sort: str, asked: dict[str, object], few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "FEW", 10_000 if few else 3)
    monkeypatch.setattr(walking, "WALK_ROWS", 5)
    with CaptureQueriesContext(connection) as seen:
        queries.register(viewer(), RegisterFilter(**asked), sort=sort, limit=20)
    assert (
        len(seen) <= 12
    )  # ids; a place, a stretch and a scan for each half of a sort with empty values; cards, sources, tags


@on_sqlite
def test_the_places_there_are_take_one_step_of_the_index_each(cards: list[CustomerCard]) -> None:
    plan = plan_of(lambda: queries.places(viewer()))
    assert "COVERING INDEX card_by_place (province>?)" in plan and "SCAN customers" not in plan


def test_the_places_there_are(cards: list[CustomerCard]) -> None:
    CustomerCard.objects.filter(customer_id__lte=30).update(province="浙江省")
    CustomerCard.objects.filter(customer_id__gt=90).update(province="上海市")
    assert set(queries.places(viewer())) == {"浙江省", "上海市"}
    assert set(queries.places(viewer(), province="浙江省")) == {c.city for c in cards if c.customer_id <= 30 and c.city}
    theirs = CustomerCard.objects.filter(owner_staff_id=1).exclude(province="").values_list("province", flat=True)
    assert set(queries.places(viewer(scope="own", staff_id=1))) == set(theirs)
    assert queries.places(viewer(province=HIDDEN)) == []


@on_postgresql
@pytest.mark.parametrize("sort", ["-net", "net", "-created", "-orders"])
@pytest.mark.parametrize("asked", [{}, *RANGES], ids=lambda asked: "+".join(asked) or "unfiltered")
def test_postgresql_walks_the_index_too(
    cards: list[CustomerCard], sort: str, asked: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "FEW", 3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customercard")
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("SET enable_sort = off")
    plan = plan_of(lambda: queries.register(viewer(), RegisterFilter(**asked), sort=sort, limit=5))
    walked = "card_by_created" if sort == "-created" else f"card_along_{sort.removeprefix('-')}"
    assert re.search(rf"Index (Only )?Scan (Backward )?using {walked}", plan)
    assert asked or "Sort Key" not in plan


def test_the_groups_of_the_register_are_those_of_the_library() -> None:
    from zhike.customers.rfm_groups import CELLS_OF_GROUP
    from zhike_analytics.rfm.segments import SEGMENT10_CODES

    assert {code: " ".join(cells) for code, cells in CELLS_OF_GROUP.items()} == SEGMENT10_CODES
    every = [cell for cells in CELLS_OF_GROUP.values() for cell in cells]
    assert sorted(every) == [f"{r}{f}" for r in range(1, 6) for f in range(1, 6)]

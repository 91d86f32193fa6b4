"""Import A, import B, undo A leaves what importing B alone would have left, whatever A and B say."""

import contextlib
import os
from collections.abc import Iterator

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.collect.importing import HEADERS, brought, csv_bytes, order_row, source_id, state, undone
from tests.conftest import ON_POSTGRESQL
from zhike.kit import ids

# Pairs of files; `make prove` asks for more, on both databases.
EXAMPLES = int(os.environ.get("ZHIKE_PROVE_EXAMPLES", "5" if ON_POSTGRESQL else "6"))

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

_ROWS = st.lists(
    st.builds(
        order_row,
        st.sampled_from(["O1", "O2", "O3", "O4"]),
        st.sampled_from(["c1", "c2", "c3", "", "小*试"]),
        at=st.sampled_from(["2021-03-01 10:00:00", "2021-03-02 10:00:00"]),
        sku=st.sampled_from(["A", "B", "POST"]),
        price=st.sampled_from(["1.00", "2.50", "oops"]),
        name=st.sampled_from(["", "王小明", "李秀英"]),
        email=st.sampled_from(["", "a@example.com", "b@example.com"]),
    ),
    min_size=1,
    max_size=6,
)


@contextlib.contextmanager
def forgotten() -> Iterator[None]:
    """A world of its own, rolled back at the end."""
    with transaction.atomic(), transaction.atomic("keyring"):
        yield
        transaction.set_rollback(True)
        transaction.set_rollback(True, "keyring")
    ids.forget_blocks()


@pytest.mark.long_on_postgresql
@given(first=_ROWS, second=_ROWS, same_source=st.booleans())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_undoing_the_first_of_two_imports_leaves_the_second(
    first: list[list[object]], second: list[list[object]], same_source: bool
) -> None:
    one, two = "test_shop", "test_shop" if same_source else "other_shop"
    with forgotten():
        brought(csv_bytes(HEADERS, second), source=two)
        alone = state()
    with forgotten():
        source_id(one)
        run = brought(csv_bytes(HEADERS, first), source=one)
        brought(csv_bytes(HEADERS, second), source=two)
        undone(run)
        assert state() == alone


@given(first=_ROWS, second=_ROWS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_undoing_the_second_of_two_imports_leaves_the_first(
    first: list[list[object]], second: list[list[object]]
) -> None:
    with forgotten():
        brought(csv_bytes(HEADERS, first))
        before = state()
        undone(brought(csv_bytes(HEADERS, second)))
        assert state() == before

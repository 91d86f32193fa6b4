"""Requests made up from the document: whatever comes, no 5xx, and nothing the document does not name.

A few dozen cases an operation here; `make prove` makes 10,000 for each role (ZHIKE_PROVE_CASES). Making one up costs as much as
answering it: each is therefore sent by every role of a crew, a different one first each time.
"""

import json
import os
from collections import Counter
from typing import Any

import pytest

from tests.api.program import Program, fill, program
from tests.cast import CAST
from tests.proofs import note

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]
CASES = int(os.environ.get("ZHIKE_PROVE_CASES", "0"))
QUICK_CASES = 250
CREWS = {"odd": sorted(CAST)[::2], "even": sorted(CAST)[1::2]} if CASES else {"few": ["agent", "owner"]}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    from zhike.api import usage

    usage.forget()


def real_ids() -> dict[str, list[str]]:
    """What stands in the holes of addresses, so that operations get past them."""
    from zhike.customers.models import Customer
    from zhike.shop.models import Order

    return {
        "customer": list(Customer.objects.values_list("public_id", flat=True)[:5]),
        "order": list(Order.objects.values_list("public_id", flat=True)[:5]),
        "code": ["taobao-1"],
        "name": ["老客户", "vip"],
        "field": ["phone", "city", "name"],
        "import_id": [],
        "job": ["1"],
        "task": [],
        "pair": [],
        "kind": ["gone_quiet"],
    }


def send(caller: Program, case: Any) -> Any:
    """One made-up request, through the same door as every other."""
    headers = {n: v for n, v in dict(case.headers or {}).items() if n.lower() not in ("authorization", "content-type")}
    named = {"Authorization": f"Bearer {caller.text}", **headers}
    body, kind = b"", "application/json"
    if case.body is not None and type(case.body).__name__ != "NotSet":
        body = case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
        kind = case.media_type or kind
    client = caller.client()
    query = {n: v for n, v in dict(case.query or {}).items() if v is not None}
    return client.generic(
        case.method.upper(), case.formatted_path, body, content_type=kind, query_params=query, headers=named
    )


@pytest.mark.parametrize("crew", CREWS)
def test_made_up_requests_never_break_the_house_and_never_bring_an_undocumented_answer(crew: str, monkeypatch) -> None:
    import schemathesis

    from zhike.api import assembly, pace

    fill(5)
    callers, ids = [(role, program(role)) for role in CREWS[crew]], real_ids()
    document = assembly.document()
    operations = [r.ok() for r in schemathesis.openapi.from_dict(document).get_all_operations()]
    statuses: dict[str, Counter[int]] = {role: Counter() for role, _ in callers}
    look = Look(document)
    # Bodies made up one after another would meet the pace of the token first.
    monkeypatch.setattr(pace, "take", lambda token_id, limit: pace.Pace(limit, limit, 0, 0))

    def by_each(case: Any) -> None:
        callers.append(callers.pop(0))
        for role, caller in callers:
            answer = send(caller, case)
            statuses[role][answer.status_code] += 1
            look(case, answer)

    each = max((CASES or QUICK_CASES) // len(operations), 1) + 1
    for operation in operations:
        _ask(operation, each, ids, by_each)
    for role, told in statuses.items():
        note(f"Made-up requests as {role}", cases=told.total(), **{f"answered {s}": n for s, n in sorted(told.items())})
        assert told.total() >= (CASES or QUICK_CASES), (role, told)
        assert told[200] > 0, role


class Look:
    """Holds an answer against the document: its status, its kind, and whatever stands in it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document, self.validators = document, {}

    def __call__(self, case: Any, answer: Any) -> None:
        import jsonschema_rs

        told = self.document["paths"][case.path][case.method.lower()]["responses"]
        place = f"{case.method} {case.path}"
        assert answer.status_code < 500, (place, case.body, case.query, answer.content[:500])
        assert str(answer.status_code) in told, (place, answer.status_code, answer.content[:500])
        content = told[str(answer.status_code)].get("content", {})
        if not answer.content:
            return
        kind = answer.headers["Content-Type"].partition(";")[0]
        assert kind in content, (place, kind)
        schema = content[kind]["schema"]
        validator = self.validators.get(id(schema)) or self.validators.setdefault(
            id(schema), jsonschema_rs.validator_for({**schema, "components": self.document["components"]})
        )
        validator.validate(json.loads(answer.content))


def _ask(operation: Any, count: int, ids: dict[str, list[str]], send_it: Any) -> None:
    """Make up so many requests of an operation, and send them."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=not CASES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        known = {n: ids[n] for n in (case.path_parameters or {}) if ids.get(n)}
        if known and data.draw(st.integers(0, 3)):
            case.path_parameters |= {n: data.draw(st.sampled_from(v)) for n, v in known.items()}
        send_it(case)

    ask()

"""Requests made up from the document: whatever comes, no 5xx, and nothing the document does not name.

A few dozen cases an operation here; `make prove` makes 10,000 for each role (ZHIKE_PROVE_CASES).
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
QUICK_CASES = 400
ROLES = sorted(CAST) if CASES else ["agent", "owner"]


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


@pytest.mark.parametrize("role", ROLES)
def test_made_up_requests_never_break_the_house_and_never_bring_an_undocumented_answer(role: str, monkeypatch) -> None:
    import jsonschema_rs
    import schemathesis

    from zhike.api import assembly, pace

    fill(5)
    caller, ids = program(role), real_ids()
    document = assembly.document()
    operations = [r.ok() for r in schemathesis.openapi.from_dict(document).get_all_operations()]
    validators: dict[int, Any] = {}
    statuses: Counter[int] = Counter()
    # Bodies made up one after another would meet the pace of the token first.
    monkeypatch.setattr(pace, "take", lambda token_id, limit: pace.Pace(limit, limit, 0, 0))

    def check(case: Any, answer: Any) -> None:
        told = document["paths"][case.path][case.method.lower()]["responses"]
        place = f"{case.method} {case.path}"
        assert answer.status_code < 500, (place, case.body, case.query, answer.content[:500])
        assert str(answer.status_code) in told, (place, answer.status_code, answer.content[:500])
        content = told[str(answer.status_code)].get("content", {})
        if not answer.content:
            return
        kind = answer.headers["Content-Type"].partition(";")[0]
        assert kind in content, (place, kind)
        schema = content[kind]["schema"]
        validator = validators.get(id(schema)) or validators.setdefault(
            id(schema), jsonschema_rs.validator_for({**schema, "components": document["components"]})
        )
        validator.validate(json.loads(answer.content))

    each = max((CASES or QUICK_CASES) // len(operations), 1) + 1
    for operation in operations:
        _ask(
            operation,
            each,
            caller,
            ids,
            lambda case, answer: (statuses.update([answer.status_code]), check(case, answer)),
        )
    total = sum(statuses.values())
    note(f"Made-up requests as {role}", cases=total, **{f"answered {s}": n for s, n in sorted(statuses.items())})
    assert total >= (CASES or QUICK_CASES), statuses
    assert statuses[200] > 0


def _ask(operation: Any, count: int, caller: Program, ids: dict[str, list[str]], look: Any) -> None:
    """Make up so many requests of an operation, send them and look at the answers."""
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
        look(case, send(caller, case))

    ask()

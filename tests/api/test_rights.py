"""The table of rights of the API: every operation × every role × every scope, made from the operations themselves."""

import json
import re
from collections import Counter

import pytest

from tests.api.program import ALL_SCOPES, program
from tests.cast import CAST

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    from zhike.api import pace, usage

    pace.forget()
    usage.forget()


def operations():
    from zhike.api import assembly

    return assembly.operations()


def ask(caller, method, address, right):
    """The operation with something in its holes, and nothing useful in its body."""
    filled = re.sub(r"\{job\}", "999999", re.sub(r"\{kind\}", "gone_quiet", address))
    filled = re.sub(r"\{\w+\}", "nobody", filled)
    kind = {"Content_Type": right.takes[0]} if right.takes else {}
    return caller(method, filled, "{}" if right.takes else None, If_Match="*", **kind)


def code_of(answer):
    return json.loads(answer.content).get("code") if answer.status_code >= 400 else None


def test_every_operation_names_a_scope_that_lends_its_right() -> None:
    from zhike.api.scopes import scopes

    lent = {scope.code: scope.permissions for scope in scopes()}
    assert set(lent) == set(ALL_SCOPES)
    for method, address, right in operations():
        if address in ("/api/v1/me", "/api/v1/openapi.json"):
            assert (right.scope, right.needs) == ("", "")
            continue
        assert right.needs in lent[right.scope], (method, address)
        assert right.is_write == (method != "GET" and not address.endswith(("/search", "/credit/check", "/cube"))), (
            method,
            address,
        )


def test_no_scope_opens_an_operation_of_another() -> None:
    one_each = {scope: program("owner", scope) for scope in ALL_SCOPES}
    cells = 0
    for method, address, right in operations():
        for scope, caller in one_each.items():
            refused = code_of(ask(caller, method, address, right)) == "scope_missing"
            assert refused == (right.scope not in ("", scope)), (method, address, scope)
            cells += 1
    assert cells == len(operations()) * len(ALL_SCOPES)


@pytest.mark.parametrize("role", sorted(CAST))
def test_each_role_gets_in_exactly_where_its_rights_lead_whatever_its_token_says(role: str) -> None:
    from zhike.secure import queries

    caller = program(role)
    held = queries.viewer_of(caller.staff).permissions
    for method, address, right in operations():
        answer = ask(caller, method, address, right)
        refused = code_of(answer) == "permission_missing"
        assert refused == bool(right.needs and right.needs not in held), (role, method, address, answer.content[:200])
        assert answer.status_code < 500, (role, method, address)


def test_the_addresses_of_the_api_and_of_its_document_are_the_same() -> None:
    from zhike.api import assembly

    told = {(m.upper(), a) for a, methods in assembly.document()["paths"].items() for m in methods}
    assert told == {(m, a) for m, a, _ in operations()}


def test_the_document_names_the_class_of_every_field_it_shows_and_forbids_all_others() -> None:
    from zhike.api import assembly
    from zhike.secure import fields

    schemas = assembly.document()["components"]["schemas"]
    stated = schemas["FieldsOut"]["properties"]
    assert set(stated) == {f.name for f in fields.product_fields() if f.is_stated}
    for name, schema in stated.items():
        assert schema["x-zhike-class"] == fields.field(name).cls and schema["x-zhike-form"] == fields.field(name).form
    open_ended = [
        name
        for name, schema in schemas.items()
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False
    ]
    assert open_ended == []


def test_what_a_write_answers_is_a_receipt_without_personal_fields() -> None:
    from zhike.api import assembly

    document = assembly.document()
    for method, address, right in operations():
        told = document["paths"][address][method.lower()]
        for status, answer in told["responses"].items():
            if right.is_write and status[0] == "2":
                schema = json.dumps(_whole(document, answer["content"]["application/json"]["schema"]))
                assert "x-zhike-class" not in schema, (method, address)


def _whole(document, schema):
    """A schema with its references put in."""
    if "$ref" in schema:
        return _whole(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return {k: [_whole(document, x) if isinstance(x, dict) else x for x in v] if isinstance(v, list) else _whole(document, v) if isinstance(v, dict) else v for k, v in schema.items()}  # fmt: skip


def test_no_two_shapes_of_the_document_share_a_name() -> None:
    """The document names a shape by its class: of two that share a name one would be told as the other."""
    from zhike.api import assembly
    from zhike.api.schemas import Strict

    assembly.document()
    shapes, told = list(Strict.__subclasses__()), set()
    while shapes:
        told.add(shape := shapes.pop())
        shapes += shape.__subclasses__()
    counted = Counter(shape.__name__ for shape in told)
    assert [name for name, count in counted.items() if count > 1] == []

"""The way into the API: who comes in, how fast, with what, and how refusals are told."""

import datetime as dt
import json

import pytest
from django.test import Client

from tests.api.program import fill, program
from tests.cast import hire, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    from zhike.api import pace, usage

    pace.forget()
    usage.forget()


def code_of(answer) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert set(told) <= {"type", "title", "status", "detail", "code", "errors"} and told["status"] == answer.status_code
    assert told["title"] and told["detail"]
    return told["code"]


def test_nobody_comes_in_without_a_token_and_a_cookie_is_no_token() -> None:
    stranger, owner = Client(), signed_in(hire("owner"))
    for browser in (stranger, owner):
        answer = browser.get("/api/v1/tags")
        assert (answer.status_code, code_of(answer)) == (401, "token_missing")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer") and not answer.cookies


def test_a_token_opens_what_its_scopes_and_its_maker_allow() -> None:
    assert program("owner").get("tags").status_code == 200
    assert code_of(program("owner", "orders:read").get("tags")) == "scope_missing"
    assert code_of(program("officer").get("tags")) == "permission_missing"


def test_unknown_revoked_expired_and_orphaned_tokens_look_alike() -> None:
    from zhike.api import actions
    from zhike.kit import clock
    from zhike.secure import queries, staffing
    from zhike.secure.records import LOCAL_OPERATOR

    hire("owner")
    answers = []
    unknown = program()
    unknown.text = "zk_" + "a" * 43
    answers.append(unknown.get("tags"))
    revoked = program()
    actions.revoke_token(revoked.token.public_id, by=queries.viewer_of(revoked.staff))
    answers.append(revoked.get("tags"))
    expired = program("keeper")
    with clock.freeze(clock.after(91 * 86400)):
        answers.append(expired.get("tags"))
    orphaned = program("agent")
    assert orphaned.get("tags").status_code == 200
    staffing.disable(orphaned.staff.pk, by=LOCAL_OPERATOR)
    answers.append(orphaned.get("tags"))
    assert {code_of(a) for a in answers} == {"token_invalid"}
    assert len({a.content for a in answers}) == 1


def test_a_token_dies_at_its_hour_and_not_before() -> None:
    from zhike.kit import clock

    lasting = program("owner", days=30)
    ends = lasting.token.expires_at
    with clock.freeze(ends - dt.timedelta(seconds=1)):
        assert lasting.get("tags").status_code == 200
    with clock.freeze(ends):
        assert code_of(lasting.get("tags")) == "token_invalid"


def test_the_database_holds_no_token_only_its_digest() -> None:
    from zhike.api.models import Token

    made = program()
    assert made.text.startswith("zk_") and len(made.text) == 46
    assert made.text not in json.dumps(list(Token.objects.values()), default=str)


def test_who_is_disabled_leaves_no_working_token_behind() -> None:
    from zhike.api.models import Token
    from zhike.kit import jobs
    from zhike.secure import staffing
    from zhike.secure.records import LOCAL_OPERATOR

    hire("owner")
    leaving = program("agent")
    staffing.disable(leaving.staff.pk, by=LOCAL_OPERATOR)
    jobs.run_pending()
    assert Token.objects.get(public_id=leaving.token.public_id).revoked_at is not None
    staffing.enable(leaving.staff.pk, by=LOCAL_OPERATOR)
    assert code_of(leaving.get("tags")) == "token_invalid"


def test_a_token_bound_to_a_network_works_from_nowhere_else() -> None:
    assert program(networks=["127.0.0.0/8"]).get("tags").status_code == 200
    assert code_of(program(networks=["203.0.113.0/24"]).get("tags")) == "network_refused"


def test_too_many_requests_are_told_when_to_come_again() -> None:
    from zhike.kit import clock

    with clock.freeze(clock.now()):
        hasty = program(requests_a_minute=60)
        answers = [hasty.get("tags") for _ in range(61)]
        assert [a.status_code for a in answers] == [200] * 60 + [429]
        assert answers[0].headers["RateLimit-Limit"] == "60" and answers[0].headers["RateLimit-Remaining"] == "59"
        assert code_of(answers[-1]) == "too_many_requests" and answers[-1].headers["Retry-After"] == "1"
        with clock.freeze(clock.after(1)):
            assert hasty.get("tags").status_code == 200


def test_wrong_addresses_methods_bodies_and_kinds_are_each_told_as_problems() -> None:
    asks = program()
    cases = {
        "not_found": asks.get("nowhere"),
        "method_not_allowed": asks("DELETE", "tags"),
        "content_type_refused": asks("POST", "customers", "a=b", Content_Type="application/x-www-form-urlencoded"),
        "body_unreadable": asks("POST", "customers", '{"source": NaN}'),
        "body_too_large": asks("POST", "customers", '{"source": "' + "x" * 1_000_001 + '"}'),
        "request_invalid": asks("POST", "customers", {"source": "s", "colour": "red"}),
    }
    assert {name: code_of(answer) for name, answer in cases.items()} == {name: name for name in cases}
    assert cases["method_not_allowed"].headers["Allow"] == "GET"
    places = {e["where"]: e["code"] for e in json.loads(cases["request_invalid"].content)["errors"]}
    assert places == {"body.key": "missing", "body.fields": "missing", "body.colour": "extra_forbidden"}


@pytest.mark.parametrize(
    "body", ['{"source": "\\u0000"}', '{"source": "\\ud800"}', '{"a": 1, "a": 2}', "[" * 5000, '{"n": 99999999999999999999}', b"\xff\xfe"]
)  # fmt: skip
def test_json_that_would_surprise_what_lies_behind_is_not_taken(body) -> None:
    assert code_of(program()("POST", "customers", body)) == "body_unreadable"


def test_a_refusal_does_not_repeat_the_value_that_was_sent() -> None:
    body = {"source": "s", "key": {"kind": "phone", "value": ["13812340017"]}, "fields": {}}
    answer = program()("POST", "customers", body)
    assert code_of(answer) == "request_invalid" and b"13812340017" not in answer.content


def test_unknown_parameters_are_refused_instead_of_overlooked() -> None:
    answer = program().get("customers?colour=red")
    assert code_of(answer) == "request_invalid"
    assert json.loads(answer.content)["errors"][0]["where"] == "query.colour"


def test_problems_speak_the_language_of_the_header_and_of_nothing_else() -> None:
    asks = program()
    chinese = asks("GET", "nowhere/", Accept_Language="zh-CN,en;q=0.5", Cookie="zhike_language=en")
    assert chinese.headers["Content-Language"] == "zh-hans"
    assert (
        json.loads(asks("GET", "customers/nobody", Accept_Language="fr").content)["title"]
        == json.loads(asks("GET", "customers/nobody", Accept_Language="zh-hans").content)["title"]
    )
    assert "nothing here" in json.loads(asks.get("customers/nobody").content)["title"]


def test_what_has_not_changed_is_not_sent_again() -> None:
    fill()
    asks = program()
    first = asks.get("customers")
    assert first.status_code == 200 and first.headers["ETag"].startswith('"')
    again = asks.get("customers", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert asks.get("customers?limit=1", If_None_Match=first.headers["ETag"]).status_code == 200


def test_no_other_origin_is_let_in_and_nothing_is_cached() -> None:
    answer = program().get("tags", Origin="https://evil.example")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert answer.headers["Cache-Control"] == "no-store" and "Authorization" in answer.headers["Vary"]


def test_use_of_a_token_is_audited_in_batches_and_its_making_and_end_each() -> None:
    from zhike.api import actions
    from zhike.kit import clock
    from zhike.secure import queries
    from zhike.secure.models import AuditEvent

    at = clock.now()
    asks = program()
    for minutes in range(12):
        with clock.freeze(at + dt.timedelta(minutes=minutes)):
            for _ in range(3):
                asks.get("tags")
    actions.revoke_token(asks.token.public_id, by=queries.viewer_of(asks.staff))
    told = AuditEvent.objects.filter(object_kind="api_token").order_by("id")
    assert [e.action for e in told] == ["api.token_made", "api.used", "api.used", "api.token_revoked"]
    assert [e.detail["requests"] for e in told if e.action == "api.used"] == [1, 30]

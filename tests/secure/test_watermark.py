"""Pages with personal data carry the name of whoever looks at them; others do not."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.cast import hire, signed_in
from zhike.kit import clock
from zhike.secure.models import Staff

pytestmark = pytest.mark.django_db
PICTURE = "/me/watermark.svg"


def test_the_watermark_names_the_viewer_the_end_of_their_address_and_the_day(agent: Staff, as_agent: Client) -> None:
    with clock.freeze(dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC)):
        answer = as_agent.get(PICTURE)
    words = [e.text for e in ElementTree.fromstring(answer.content).iter("{http://www.w3.org/2000/svg}text")]
    assert words[:2] == ["小林", "…gent@zhike.example"] and words[2] in ("2026-11-22", "2026-11-23")
    assert answer["Content-Type"] == "image/svg+xml" and "private" in answer["Cache-Control"]


def test_a_name_cannot_break_out_of_the_watermark() -> None:
    staff = hire("agent", email='"<x>"@zhike.example', name="<script>alert(1)</script>\x00&\u202e小林")
    answer = signed_in(staff).get(PICTURE)
    words = [e.text for e in ElementTree.fromstring(answer.content).iter("{http://www.w3.org/2000/svg}text")]
    assert b"<script" not in answer.content and words[0] == "<script>alert(1)</script>&小林"


def test_nobody_signed_out_gets_a_watermark(client: Client) -> None:
    assert client.get(PICTURE).status_code == 302


def test_sensitive_pages_carry_it_and_plain_pages_do_not(as_owner: Client) -> None:
    mark = f'src="{PICTURE}"'
    for path in ("/security/audit/",):
        page = as_owner.get(path).content.decode()
        assert page.count(mark) == 1 and " style=" not in page, path
    for path in ("/ui/", "/me/", "/security/staff/"):
        assert mark not in as_owner.get(path).content.decode(), path

"""Dashboards through the API and the command line."""

import json

import pytest
from click.testing import CliRunner

from tests.analyze.test_boards import told_run
from tests.api.program import program
from tests.cast import hire
from zhike.analyze.boards import shelf
from zhike.analyze.models import BoardReport, Dashboard, ReportMail
from zhike.cli import zhike
from zhike.kit import jobs
from zhike.reach.models import MailSettings
from zhike.secure import queries as rights

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "keyring"])]


def run(*arguments):
    return CliRunner().invoke(zhike, list(arguments))


BOARD = {"name": "Morning", "tiles": [{"kind": "customers"}, {"kind": "net", "is_wide": True}]}


def test_a_program_makes_lays_reads_and_removes_a_dashboard():
    told_run("2026-11-29", customers=10)
    told_run("2026-11-30", customers=15)
    caller = program("operator")
    made = caller("POST", "dashboards", BOARD).json()["id"]
    assert [(one["name"], one["tiles"]) for one in caller("GET", "dashboards").json()["items"]] == [("Morning", 2)]
    told = caller("GET", f"dashboards/{made}?compare=true").json()["tiles"]
    assert (told[0]["value"], told[0]["shown"], told[0]["change"], told[0]["as_of"]) == (15, "15", 0.5, "2026-11-30")
    assert caller("GET", f"dashboards/{made}?day=2026-11-29").json()["tiles"][0]["value"] == 10
    assert (
        caller("PUT", f"dashboards/{made}", {**BOARD, "name": "Noon", "tiles": BOARD["tiles"][1:]}).status_code == 200
    )
    row = Dashboard.objects.get()
    assert (row.name, [(tile["kind"], tile["wide"]) for tile in row.tiles]) == ("Noon", [("net", True)])
    refused = caller("PUT", f"dashboards/{made}", {**BOARD, "tiles": [{"kind": "nothing"}]})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "tile")
    assert Dashboard.objects.get().name == "Noon", "a board is laid whole or not at all"
    assert caller("DELETE", f"dashboards/{made}").status_code == 200
    assert caller("GET", f"dashboards/{made}").status_code == 404


def test_a_program_is_told_what_its_maker_may_see_and_nothing_of_others_boards():
    told_run("2026-11-30")
    by = rights.viewer_of(hire("supervisor"))
    board = shelf.make("Mine", by=by, tiles=(("net", ""),))
    stranger = program("account_manager")
    assert stranger("GET", f"dashboards/{board.public_id}").status_code == 404
    shelf.change(board.public_id, by=by, name="Mine", sharing="all")
    (tile,) = stranger("GET", f"dashboards/{board.public_id}").json()["tiles"]
    assert "value" not in tile and "only your own" in tile["empty"]
    assert stranger("DELETE", f"dashboards/{board.public_id}").status_code == 404
    reader = program("operator", "insight:read")
    assert reader("POST", "dashboards", BOARD).json()["code"] == "scope_missing"


def test_a_program_has_a_dashboard_sent_pauses_and_ends_it():
    MailSettings.objects.create(pk=1, is_on=True)
    caller = program("operator")
    me = caller.staff.pk
    board = caller("POST", "dashboards", BOARD).json()["id"]
    report = {"every": "week", "on_day": 4, "hour": 18, "recipients": [me]}
    wrong = caller("POST", f"dashboards/{board}/reports", {**report, "recipients": [me, 424242]})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "recipients")
    assert (
        caller("POST", f"dashboards/{board}/reports", {**report, "on_day": 9}).json()["errors"][0]["code"] == "rhythm"
    )
    made = caller("POST", f"dashboards/{board}/reports", report).json()["id"]
    caller("POST", f"dashboards/{board}/reports/{made}/send")
    jobs.run_pending()
    told = caller("GET", f"dashboards/{board}/reports").json()
    assert told["items"][0]["next_at"] and told["recipients"] == [{"id": me, "name": caller.staff.display_name}]
    assert [(mail["recipient"], mail["state"]) for mail in told["mails"]] == [(me, "sent")]
    caller("PUT", f"dashboards/{board}/reports/{made}", {**report, "every": "day", "on_day": 0, "is_on": False})
    assert BoardReport.objects.get().next_at is None
    assert caller("DELETE", f"dashboards/{board}/reports/{made}").status_code == 200
    assert not BoardReport.objects.exists() and not ReportMail.objects.exists()


def test_the_command_line_lists_shows_prints_and_sends(tmp_path):
    told_run("2026-11-30", customers=15)
    by = rights.viewer_of(hire("supervisor"))
    board = shelf.make("Mine", by=by, tiles=(("customers", ""),))
    listed = json.loads(run("analyze", "boards", "--json").output)
    assert [(one["id"], one["tiles"]) for one in listed["boards"]] == [(board.public_id, 1)]
    file = tmp_path / "board.pdf"
    told = json.loads(run("analyze", "board", board.public_id, "--pdf", str(file), "--json").output)
    assert (told["tiles"][0]["value"], file.read_bytes()[:4]) == (15, b"%PDF")
    assert run("analyze", "send-report", "nothing").exit_code != 0

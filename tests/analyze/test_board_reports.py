"""Reports: a dashboard mailed by the clock, once to each, by each reader's own rights."""

import datetime as dt
import json
import signal
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from tests import pdf_text
from tests.analyze.test_boards import told_run
from tests.cast import hire, signed_in
from tests.dying_worker import work
from zhike.analyze.boards import drawing, letters, reports, sending, shelf
from zhike.analyze.boards.catalogue import Looking
from zhike.analyze.boards.paper import board_pdf
from zhike.analyze.boards.reports import ReportRefused
from zhike.analyze.boards.times import Rhythm
from zhike.analyze.models import BoardReport, ReportMail
from zhike.kit import clock, jobs
from zhike.kit.models import Job
from zhike.reach.models import MailSettings
from zhike.reach.records import Outcome
from zhike.secure import policy
from zhike.secure import queries as rights
from zhike.secure.models import AuditEvent

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "keyring"])]
MORNING = Rhythm("day", 0, 8)
MONDAY = dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC)


def open_post(**more):
    MailSettings.objects.update_or_create(pk=1, defaults={"is_on": True, "public_url": "https://kf.example", **more})


def shared_board(sharing="all", tiles=("customers", "rfm")):
    maker = rights.viewer_of(hire("supervisor"))
    return maker, shelf.make("每日一览", by=maker, sharing=sharing, tiles=tuple((kind, "") for kind in tiles))


def reported(*roles, rhythm=MORNING):
    maker, board = shared_board()
    people = [hire(role) for role in roles]
    return maker, board, people, reports.make_report(board.public_id, rhythm, [p.pk for p in people], by=maker)


def states():
    return {mail.staff_id: (mail.state, mail.why) for mail in ReportMail.objects.all()}


def taken(home: Path) -> list[str]:
    """The mails of this story that were handed over; the journal holds those of others too."""
    journal = home / "simulator" / "taken.jsonl"
    found = [json.loads(line)["message_id"] for line in journal.read_text().splitlines()] if journal.exists() else []
    own = {f"<{mail.public_id}@localhost>" for mail in ReportMail.objects.all()}
    return [message_id for message_id in found if message_id in own]


@pytest.mark.parametrize(
    ("rhythm", "at", "expected"),
    [
        (("day", 0, 8), "2026-11-30 07:59", "2026-11-30 08:00"),
        (("day", 0, 8), "2026-11-30 08:00", "2026-12-01 08:00"),
        (("week", 0, 9), "2026-11-30 09:00", "2026-12-07 09:00"),
        (("week", 6, 23), "2026-11-30 00:00", "2026-12-06 23:00"),
        (("month", 31, 0), "2027-02-01 00:00", "2027-02-28 00:00"),
        (("month", 29, 6), "2028-02-01 00:00", "2028-02-29 06:00"),
        (("month", 1, 6), "2026-12-01 06:00", "2027-01-01 06:00"),
    ],
)
def test_a_rhythm_falls_due_next_on_its_day_at_its_hour_of_the_shop(rhythm, at, expected):
    def moment(text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(f"{text}+08:00")

    assert Rhythm(*rhythm).next_after(moment(at), "Asia/Shanghai") == moment(expected)
    assert Rhythm(*rhythm).last_until(moment(expected), "Asia/Shanghai") == moment(expected)


@pytest.mark.parametrize("wrong", [("hour", 0, 8), ("week", 7, 8), ("month", 0, 8), ("month", 32, 8), ("day", 0, 24)])
def test_a_rhythm_that_never_comes_is_refused(wrong):
    with pytest.raises(ValueError, match="rhythm"):
        Rhythm(*wrong)


def test_a_clock_put_forward_neither_skips_nor_doubles_a_report():
    zone, rhythm = "Europe/Berlin", Rhythm("day", 0, 2)  # 02:00 is not there on the 29th of March 2026
    moments, at = [], dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC)
    for _ in range(4):
        at = rhythm.next_after(at, zone)
        moments.append(at)
    assert len({moment.date() for moment in moments}) == len(moments) == 4


@pytest.mark.both_databases
def test_a_due_report_reaches_each_recipient_once_and_says_when_it_comes_next(home: Path):
    open_post()
    with clock.freeze(MONDAY):
        _maker, _board, people, report = reported("owner", "operator")
        assert sending.ask_due() == 0
    with clock.freeze(report.next_at + dt.timedelta(minutes=3)):
        assert sending.ask_due() == 1
        jobs.run_pending()
        for _again in range(2):  # the tick comes every minute, in every worker
            sending.ask_due()
            jobs.run_pending()
        assert set(states().values()) == {("sent", "")}
        assert BoardReport.objects.get().next_at == report.next_at + dt.timedelta(days=1)
    assert sorted(taken(home)) == sorted(f"<{mail.public_id}@localhost>" for mail in ReportMail.objects.all())
    assert len(taken(home)) == len(people)
    sent = AuditEvent.objects.filter(action="report.sent")
    assert {event.detail["staff_id"] for event in sent} == {person.pk for person in people}


@pytest.mark.both_databases
def test_what_was_missed_while_the_house_slept_is_sent_once_and_the_newest():
    open_post()
    with clock.freeze(MONDAY):
        *_rest, report = reported("owner")
    with clock.freeze(report.next_at + dt.timedelta(days=9, hours=2)):
        sending.ask_due()
        jobs.run_pending()
        assert [mail.slot_at for mail in ReportMail.objects.all()] == [report.next_at + dt.timedelta(days=9)]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("failpoint", "handed_over"), [("analyze.report_before_call", 0), ("analyze.report_called", 1)]
)
def test_killed_around_the_call_a_mail_is_unknown_and_the_others_still_go(home: Path, failpoint: str, handed_over: int):
    open_post()
    maker, _board, _people, report = reported("owner", "operator")
    reports.send_now(report.public_id, by=maker)
    assert work(failpoint, never_said="zhike.example") == -signal.SIGKILL
    assert sorted(state for state, _why in states().values()) == ["sending", "waiting"]
    hit = ReportMail.objects.get(state="sending")
    Job.objects.filter(state=Job.RUNNING).update(lease_until=clock.now() - dt.timedelta(minutes=5))  # its lease ran out
    for _again in range(3):
        sending.ask_due()
        jobs.run_pending()
    hit.refresh_from_db()
    assert (hit.state, hit.why) == ("unknown", "not_back")
    assert sorted(state for state, _why in states().values()) == ["sent", "unknown"]
    assert taken(home).count(f"<{hit.public_id}@localhost>") == handed_over
    assert len(taken(home)) == 1 + handed_over


def test_who_lost_the_right_or_left_is_skipped_and_the_history_says_why(home: Path):
    open_post()
    maker, board, people, report = reported("owner", "operator")
    owner, operator = people
    operator.roles.clear()
    owner.is_active = False
    owner.save()
    policy.touch()
    reports.send_now(report.public_id, by=maker)
    jobs.run_pending()
    assert states() == {owner.pk: ("skipped", "disabled"), operator.pk: ("skipped", "disabled")}
    assert taken(home) == []
    page = signed_in(hire("supervisor")).get(reverse("analyze:board_reports", args=[board.public_id])).content.decode()
    assert page.count("该同事已停用") == 2


def test_a_dashboard_no_longer_shared_is_not_mailed():
    open_post()
    maker, board, people, report = reported("operator")
    shelf.change(board.public_id, by=maker, name="每日一览", sharing="")
    reports.send_now(report.public_id, by=maker)
    jobs.run_pending()
    assert states() == {people[0].pk: ("skipped", "not_shared")}


def test_a_busy_server_is_asked_again_later_and_given_up_in_the_end(monkeypatch):
    open_post()
    answers = []
    monkeypatch.setattr(
        sending.reach, "write_to_colleague", lambda *a, **k: answers.append(1) or Outcome("later", "451")
    )
    with clock.freeze(MONDAY):
        maker, _board, _people, report = reported("owner")
        reports.send_now(report.public_id, by=maker)
        jobs.run_pending()
    mail = ReportMail.objects.get()
    assert (mail.state, mail.why, mail.due_at) == ("waiting", "451", MONDAY + sending.BACK_OFF[0])
    for hours in range(1, 9):
        with clock.freeze(MONDAY + dt.timedelta(hours=3 * hours)):
            sending.send_waiting()
    mail.refresh_from_db()
    assert (mail.state, mail.why, len(answers)) == ("failed", "gave_up", len(sending.BACK_OFF) + 1)


def test_with_sending_switched_off_nothing_leaves_and_the_history_says_so(home: Path):
    maker, _board, people, report = reported("owner")
    reports.send_now(report.public_id, by=maker)
    jobs.run_pending()
    assert states() == {people[0].pk: ("failed", "sending_off")}
    assert taken(home) == []


def test_only_who_may_see_and_take_out_can_be_a_recipient():
    maker, board = shared_board(sharing="role:operator")
    operator, analyst, agent = hire("operator"), hire("analyst"), hire("agent")
    hire("owner")  # not shared with
    assert set(reports.audience(maker, board.public_id)) == {maker.staff_id, operator.pk}
    for wrong in ([], [analyst.pk], [operator.pk, agent.pk], [987654]):
        with pytest.raises(ReportRefused) as refused:
            reports.make_report(board.public_id, MORNING, wrong, by=maker)
        assert refused.value.code == "recipients"
    reader = rights.viewer_of(operator)
    assert set(reports.audience(reader, board.public_id)) == {operator.pk}, "others' dashboards go to oneself alone"


def test_others_neither_see_nor_steer_a_report_that_is_not_theirs():
    maker, board, _people, report = reported("operator")
    stranger, reader = rights.viewer_of(hire("owner")), rights.viewer_of(hire("operator"))
    assert reports.reports(stranger, board.public_id) == []
    assert [one.is_for_me for one in reports.reports(reader, board.public_id)] == [True]
    for act in (
        lambda: reports.send_now(report.public_id, by=reader),
        lambda: reports.turn_report(report.public_id, on=False, by=stranger),
        lambda: reports.change_report(report.public_id, MORNING, [maker.staff_id], by=reader),
        lambda: reports.remove_report(report.public_id, by=stranger),
        lambda: reports.leave_report(report.public_id, by=stranger),
    ):
        with pytest.raises(ReportRefused):
            act()
    reports.leave_report(report.public_id, by=reader)
    assert BoardReport.objects.get().recipient_ids == []
    assert BoardReport.objects.get().is_on is False, "a report nobody gets is paused"


@pytest.mark.both_databases
def test_a_paused_report_stays_silent_and_goes_on_from_its_next_moment():
    with clock.freeze(MONDAY):
        maker, board, _people, report = reported("owner")
        reports.turn_report(report.public_id, on=False, by=maker)
    with clock.freeze(MONDAY + dt.timedelta(days=3)):
        assert sending.ask_due() == 0
        reports.turn_report(report.public_id, on=True, by=maker)
        assert sending.ask_due() == 0, "what fell due meanwhile is not sent"
        assert BoardReport.objects.get().next_at > clock.now()
    shelf.remove(board.public_id, by=maker)
    assert not BoardReport.objects.exists()


def test_a_letter_tells_each_reader_what_their_own_role_may_take_out():
    told_run("2026-11-30")
    open_post()
    _maker, board = shared_board(tiles=("customers", "net"))
    with translation.override("en"):
        owner = letters.letter(board, rights.viewer_of(hire("owner")))
        manager = letters.letter(board, rights.viewer_of(hire("account_manager")))
    assert "https://kf.example/insight/composition/" in owner.html and "https://kf.example/insight/" in owner.text
    assert "¥" in owner.text and "<script" not in owner.html
    assert "¥" not in manager.text and "only your own" in manager.text
    paper = pdf_text.text_of(owner.attachments[0].content)
    assert "Net amount" in paper and "1 / 1" in paper
    assert "¥" not in pdf_text.text_of(manager.attachments[0].content)


def test_a_recipient_is_written_to_in_their_own_language(monkeypatch):
    open_post()
    kept = {}
    monkeypatch.setattr(
        sending.reach,
        "write_to_colleague",
        lambda staff_id, letter, **k: kept.update({staff_id: letter}) or Outcome("sent"),
    )
    maker, _board, people, report = reported("owner", "operator")
    people[1].locale = "en"
    people[1].save()
    reports.send_now(report.public_id, by=maker)
    jobs.run_pending()
    assert "Customers on file" in kept[people[1].pk].text
    assert "Customers on file" not in kept[people[0].pk].text


def test_reports_are_set_up_changed_sent_and_ended_with_plain_forms():
    open_post()
    maker, board = shared_board()
    browser, here = signed_in(hire("supervisor")), reverse("analyze:board_reports", args=[board.public_id])
    assert browser.post(here, {"every": "week", "weekday": "0", "hour": "8"}).status_code == 302
    assert not BoardReport.objects.exists(), "without recipients nothing is set up"
    browser.post(here, {"every": "week", "weekday": "4", "month_day": "1", "hour": "18", "to": [maker.staff_id]})
    made = BoardReport.objects.get()
    assert (made.rhythm, made.on_day, made.hour, made.recipient_ids) == ("week", 4, 18, [maker.staff_id])
    steer = reverse("analyze:board_report", args=[board.public_id, made.public_id])
    browser.post(steer, {"do": "change", "every": "month", "month_day": "31", "hour": "7", "to": [maker.staff_id]})
    made.refresh_from_db()
    assert (made.rhythm, made.on_day, made.hour) == ("month", 31, 7)
    browser.post(steer, {"do": "send"})
    jobs.run_pending()
    assert states() == {maker.staff_id: ("sent", "")}
    assert browser.post(steer, {"do": "nothing"}).status_code == 404
    browser.post(steer, {"do": "remove"})
    assert not BoardReport.objects.exists()
    assert AuditEvent.objects.filter(action="report.changed").count() == 4


def test_wide_tiles_stand_on_paper_wherever_they_stand_on_the_board():
    told_run("2026-11-30", customers=4321)
    by = rights.viewer_of(hire("owner"))
    board = shelf.make("Wide", by=by, tiles=(("customers", ""), ("net", ""), ("buyers", "")))
    for wide in ("010", "110", "001"):
        tiles = [("customers", "", wide[0] == "1"), ("net", "", wide[1] == "1"), ("buyers", "", wide[2] == "1")]
        laid = shelf.lay(board.public_id, by=by, name="Wide", sharing="", tiles=tiles)
        assert "4,321" in pdf_text.text_of(board_pdf(laid, drawing.drawn(Looking(by), laid.tiles), by)), wide


def test_a_dashboard_is_downloaded_as_pdf_by_who_may_take_figures_out():
    told_run("2026-11-30")
    _maker, board = shared_board(tiles=("customers", "net"))
    address = reverse("analyze:board_pdf", args=[board.public_id])
    answer = signed_in(hire("operator")).post(address)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(action="export", object_kind="dashboard").count() == 1
    assert signed_in(hire("analyst")).post(address).status_code == 403
    assert signed_in(hire("operator")).get(address).status_code == 405

"""The backups page: how old proof and keyring copy are, and an owner's copy of the keyring."""

import datetime as dt
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.test import Client

from tests.protect.test_backup import PASSPHRASE
from zhike.kit import clock
from zhike.protect.models import BackupRun
from zhike.secure.models import AuditEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
PAGE, COPY = "/protect/backups/", "/protect/backups/keyring/"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two folders the page may write into."""
    folders = [tmp_path / "usb1", tmp_path / "usb2"]
    monkeypatch.setenv("ZHIKE_KEYRING_COPIES", f"{folders[0]}:{folders[1]}")
    return folders


def form(**change: Any) -> dict[str, Any]:
    return {"passphrase": PASSPHRASE, "again": PASSPHRASE, "confirm": "on"} | change


def in_english(browser: Client) -> str:
    browser.cookies["zhike_language"] = "en"
    return browser.get(PAGE).content.decode()


def test_an_owner_writes_a_copy_into_every_configured_folder(as_owner: Client, places: list[Path]) -> None:
    assert str(places[1]) in in_english(as_owner)
    assert as_owner.post(COPY, form()).status_code == 302
    for folder in places:
        (file,) = folder.iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
        assert b"keys/lookup.key" in pyrage.passphrase.decrypt(file.read_bytes(), PASSPHRASE)
    events = AuditEvent.objects.filter(action="backup.keyring")
    assert events.count() == 2 and PASSPHRASE not in str(list(events.values()))
    assert "2 places" in in_english(as_owner) and "no fresh copy" not in in_english(as_owner)


@pytest.mark.parametrize(
    "change", [{"again": "another-passphrase"}, {"passphrase": "short", "again": "short"}, {"confirm": None}]
)
def test_a_copy_without_confirmation_or_a_worthy_passphrase_is_not_made(
    as_owner: Client, places: list[Path], change: dict[str, Any]
) -> None:
    typed = {name: value for name, value in form(**change).items() if value is not None}
    answer = as_owner.post(COPY, typed)
    assert answer.status_code == 422 and not any(folder.exists() for folder in places)
    assert PASSPHRASE not in answer.content.decode() and not BackupRun.objects.exists()


def test_a_folder_that_cannot_be_written_is_named(
    as_owner: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ZHIKE_KEYRING_COPIES", str(tmp_path / "file"))
    answer = as_owner.post(COPY, form())
    assert answer.status_code == 422 and str(tmp_path / "file") in answer.content.decode()


def test_nobody_but_an_owner_copies_the_keyring(as_officer: Client, places: list[Path]) -> None:
    assert COPY not in as_officer.get(PAGE).content.decode()
    assert as_officer.post(COPY, form()).status_code == 403 and not places[0].exists()


def test_without_a_configured_folder_the_page_says_how(as_owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIKE_KEYRING_COPIES", raising=False)
    assert "ZHIKE_KEYRING_COPIES=" in in_english(as_owner)
    assert as_owner.post(COPY, form()).status_code == 422


@pytest.mark.parametrize(("hours", "days", "alarms"), [(25, 6.9, 0), (27, 7.1, 2)])
def test_the_page_raises_alarm_over_old_proof_and_old_copies(
    as_owner: Client, hours: float, days: float, alarms: int
) -> None:
    now = clock.now()
    made = now - dt.timedelta(hours=hours)
    BackupRun.objects.create(kind="drill", at=now, detail={"created_at": made.isoformat()})
    BackupRun.objects.create(kind="keyring", at=now - dt.timedelta(days=days))
    page = in_english(as_owner)
    assert ("1\xa0day" in page) is (hours > 24) and ("6\xa0days" in page or "1\xa0week" in page)
    found = ["No backup has been proven in the last 26 hours" in page, "The keyring has no fresh copy" in page]
    assert sum(found) == alarms and ("older than 7 days" in page) is bool(alarms)

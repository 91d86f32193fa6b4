"""The vault: what is sealed opens only in its place, whole, and while its key lives."""

import copy
import hmac
import json
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhike.secure import vault
from zhike.secure.models import AuditEvent, RecordKey
from zhike.secure.opened import Opened, OpenedRefusal
from zhike.secure.vault import keyring, roots
from zhike.secure.vault.sealing import SealContext, unseal

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PLACE = SealContext("customers_sourceversion.sealed", 7, 1)
_quiet = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def key(record_id: int = 1) -> vault.RecordKey:
    return vault.ensure_keys([record_id])[record_id]


@_quiet
@given(st.dictionaries(st.text(max_size=20), st.text(max_size=60), max_size=5))
def test_what_is_sealed_opens_unchanged(payload: dict[str, str]) -> None:
    assert unseal(key(), PLACE, vault.seal(key(), PLACE, payload)) == payload


@_quiet
@given(st.data())
def test_no_flipped_bit_goes_unnoticed(data: st.DataObject) -> None:
    blob = bytearray(vault.seal(key(), PLACE, {"phone": "13812345678"}))
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << bit % 8
    with pytest.raises((vault.TamperedValue, vault.SwappedValue)):
        unseal(key(), PLACE, bytes(blob))


@pytest.mark.parametrize(
    "elsewhere",
    [
        SealContext("customers_sourceversion.sealed", 8, 1),
        SealContext("shop_orderversion.sealed", 7, 1),
        SealContext("customers_sourceversion.facts", 7, 1),
    ],
)
def test_a_seal_moved_to_another_row_or_column_is_told_apart_from_a_damaged_one(elsewhere: SealContext) -> None:
    with pytest.raises(vault.SwappedValue):
        unseal(key(), elsewhere, vault.seal(key(), PLACE, {"phone": "1"}))


def test_a_seal_does_not_open_for_another_record() -> None:
    blob = vault.seal(key(), PLACE, {"phone": "1"})
    with pytest.raises(vault.SwappedValue):
        unseal(key(2), SealContext(PLACE.table_column, PLACE.row_id, 2), blob)
    with pytest.raises(vault.TamperedValue):  # the right place with a wrong key
        unseal(key(2), PLACE, blob)


@pytest.mark.parametrize(
    "junk", [b"", b"13812345678", b'{"phone": "1"}', b"\x01\x01" + b"\0" * 10, b"\x02\x01" + b"\0" * 64]
)
def test_bytes_that_are_no_seal_are_never_shown_as_text(junk: bytes) -> None:
    with pytest.raises(vault.TamperedValue):
        unseal(key(), PLACE, junk)


def test_a_seal_from_another_installation_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    blob = vault.seal(key(), PLACE, {"phone": "1"})
    k = key()
    monkeypatch.setattr(roots, "installation", lambda: "another")
    with pytest.raises(vault.SwappedValue):
        unseal(k, PLACE, blob)


def test_keys_are_made_once_and_the_same_key_comes_back() -> None:
    blob = vault.seal(vault.ensure_keys([5])[5], SealContext("t.c", 1, 5), {"a": "b"})
    again = vault.ensure_keys([4, 5, 6])
    assert unseal(again[5], SealContext("t.c", 1, 5), blob) == {"a": "b"}
    assert RecordKey.objects.filter(record_id__in=[4, 5, 6]).count() == 3


def test_a_drafted_key_seals_before_it_is_kept_and_is_kept_once() -> None:
    drafts = vault.draft_keys([20, 21])
    blob = vault.seal(drafts[0][0], SealContext("t.c", 1, 20), {"a": "b"})
    kept = [(20, drafts[0][1]), (21, drafts[1][1])]
    vault.keep_keys(kept)
    vault.keep_keys(kept)  # a batch is prepared again when somebody edited one of its files
    assert unseal(vault.keys_of([20])[20], SealContext("t.c", 1, 20), blob) == {"a": "b"}
    with pytest.raises(vault.VaultError):
        vault.keep_keys([(20, vault.draft_keys([20])[0][1])])


def test_a_thousand_new_records_cost_one_statement(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(
        5, using="keyring"
    ):  # transaction and savepoint, each begun and ended, around it
        keys = vault.ensure_keys(range(10_000, 11_000))
    assert len(keys) == 1000


def test_a_destroyed_key_is_gone_and_is_never_made_anew() -> None:
    blob = vault.seal(key(9), SealContext("t.c", 1, 9), {"a": "b"})
    assert vault.destroy_keys([9]) == 1 and vault.destroy_keys([9]) == 0
    for ask in (vault.keys_of, vault.ensure_keys):
        with pytest.raises(vault.KeyDestroyed):
            ask([9])
    assert blob and not bytes(RecordKey.objects.get(record_id=9).wrapped)


def test_a_record_the_keyring_does_not_know_is_said_to_be_missing() -> None:
    with pytest.raises(vault.KeyMissing, match="123456"):
        vault.keys_of([123456])


def test_a_wrapped_key_moved_to_another_record_does_not_unwrap() -> None:
    vault.ensure_keys([20, 21])
    RecordKey.objects.filter(record_id=21).update(wrapped=RecordKey.objects.get(record_id=20).wrapped)
    with pytest.raises(vault.TamperedValue):
        vault.keys_of([21])


def test_rotation_rewraps_every_key_is_resumable_and_keeps_all_values_readable() -> None:
    from zhike.secure.vault import rotation

    blobs = {n: vault.seal(key(n), SealContext("t.c", n, n), {"n": str(n)}) for n in range(30, 60)}
    roots.add_kek()  # as if a rotation had died right after making its key
    before = roots.current_kek_version()
    assert rotation.left() >= 30
    done = rotation.finish(batch=7)
    assert done >= 30 and rotation.left() == 0 and rotation.finish() == 0
    assert not RecordKey.objects.exclude(kek_version=before).filter(destroyed_at=None).exists()
    for n, blob in blobs.items():
        assert unseal(vault.keys_of([n])[n], SealContext("t.c", n, n), blob) == {"n": str(n)}


@pytest.fixture
def move_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Puts the data folder elsewhere; key files read before are forgotten, and again afterwards."""

    def move(folder: Path) -> None:
        monkeypatch.setenv("ZHIKE_HOME", str(folder))
        roots.forget()

    yield move
    roots.forget()


def test_a_missing_root_key_is_named_with_the_way_back(tmp_path: Path, move_home: Callable[[Path], None]) -> None:
    move_home(tmp_path)
    with pytest.raises(vault.RootKeyMissing, match=r"kek-1\.key.*zhike restore --keyring"):
        vault.ensure_keys([1])


def test_a_key_file_others_can_read_is_refused(tmp_path: Path, move_home: Callable[[Path], None]) -> None:
    move_home(tmp_path)
    file = roots.folder() / "lookup.key"
    file.write_bytes(os.urandom(32))
    file.chmod(0o640)
    with pytest.raises(vault.UnsafeKeyFile, match="chmod 600"):
        vault.lookup("phone", "13812345678")


def test_setup_makes_private_keys_once_and_never_replaces_lost_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, move_home: Callable[[Path], None]
) -> None:
    key(1)  # the installation is in use
    move_home(tmp_path)
    with pytest.raises(vault.RootKeyMissing):
        vault.setup()
    RecordKey.objects.all().delete()
    monkeypatch.setattr(roots, "_is_used", lambda: False)
    assert "lookup.key" in vault.setup() and vault.setup() == []
    assert {f.stat().st_mode & 0o777 for f in roots.folder().iterdir()} == {0o600}


def test_a_lookup_is_the_same_for_the_same_value_and_kind_only() -> None:
    assert vault.lookup("phone", "13812345678") == vault.lookup("phone", "13812345678")
    assert len({vault.lookup("phone", "1"), vault.lookup("qq", "1"), vault.lookup("phone", "2")}) == 3
    assert len(vault.lookup("phone", "1")) == 16
    whole = hmac.digest(roots.lookup_key(), b"phone|13812345678", "sha256")
    assert vault.lookup("phone", "13812345678") == whole[:16]


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_300_000])
def test_a_sealed_file_reads_back_whole(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    with vault.file_writer("run-1", tmp_path / "f") as out:
        for start in range(0, size, 65_537):
            out.write(content[start : start + 65_537])
    assert content[:64] not in (tmp_path / "f").read_bytes() or size < 8
    with vault.file_reader("run-1", tmp_path / "f") as back:
        assert back.read() == content


@pytest.mark.parametrize("cut", [4, 20, 100, (1 << 20) + 16 + 20, 2_000_000])
def test_a_cut_or_changed_sealed_file_is_noticed(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "f"
    with vault.file_writer("run-2", file) as out:
        out.write(os.urandom(2_500_000))
    whole = file.read_bytes()
    changed = bytearray(whole)
    changed[cut] ^= 1
    for content in (whole[:cut], bytes(changed), whole[:20] + whole[20 + (1 << 20) + 16 :]):
        file.write_bytes(content)
        with pytest.raises(vault.TamperedValue), vault.file_reader("run-2", file) as back:
            back.read()


def test_a_sealed_file_dies_with_its_key(tmp_path: Path) -> None:
    with vault.file_writer(77, tmp_path / "f") as out:
        out.write(b"name,phone")
    assert vault.destroy_file_key("77")
    with pytest.raises(vault.KeyDestroyed):
        vault.file_reader(77, tmp_path / "f")


def test_an_opened_value_takes_no_way_out_but_one() -> None:
    value = Opened("phone", "13812345678")
    ways = [
        str, repr, bytes, hash, list, len, json.dumps, pickle.dumps, copy.copy, copy.deepcopy,
        lambda v: f"{v}", lambda v: format(v, ">5"), lambda v: v == "1", lambda v: v in {"1"},
        lambda v: json.dumps({"a": v}, default=str),
    ]  # fmt: skip
    for way in ways:
        with pytest.raises(TypeError):
            way(value)
    assert value.plain() == "13812345678"
    assert not hasattr(value, "__dict__") and issubclass(OpenedRefusal, TypeError)


def test_a_record_key_prints_and_pickles_nothing_of_itself() -> None:
    assert repr(key()) == "<RecordKey of 1>"
    with pytest.raises(TypeError):
        pickle.dumps(key())


def test_no_key_lies_in_the_keyring_in_the_clear() -> None:
    k = os.urandom(32)
    wrapped = keyring.wrap_key("record", 3, k, roots.current_kek_version())
    assert k not in wrapped and keyring.unwrap("record", 3, wrapped) == k
    assert AuditEvent.objects.count() == 0

"""The lake lies where a setting says: in a folder, on S3-compatible storage, on HDFS; whole, shared, forgotten, and told about."""

import datetime as dt
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from tests.analyze.shop_rows import FIRST, Shop
from tests.analyze.storage import HAS_MOTO, NameNode, s3_server, webhdfs_server
from tests.analyze.test_rfm_run import START, _own_home, run  # noqa: F401  (the fixture)
from tests.proofs import note
from zhike.analyze import actions, lake_place, lake_sharing, queries, snapshot, words
from zhike.analyze.lake import Lake
from zhike.analyze.lake_place import PlaceProblem
from zhike.kit import clock
from zhike.kit.checks import run_checks
from zhike.kit.jobs.run import JobFailed

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    note("Storage the lake was laid on", S3="moto" if HAS_MOTO else "simulated", WebHDFS="simulated")
    with s3_server(tmp_path_factory.mktemp("s3")) as address:
        yield address


@pytest.fixture
def hdfs() -> Iterator[NameNode]:
    with webhdfs_server() as begun:
        yield begun


@pytest.fixture(params=["s3", "webhdfs"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> lake_place.Place:
    """A place of each kind, as the settings name it; each story has a prefix of its own."""
    if request.param == "s3":
        on_s3(monkeypatch, request.getfixturevalue("s3"), f"s3://lake/{request.node.name}")
    else:
        name_node = request.getfixturevalue("hdfs")
        monkeypatch.setenv("ZHIKE_LAKE", f"webhdfs://{name_node.address}/zhike/a lake")
        monkeypatch.setenv("ZHIKE_LAKE_USER", "zhike")
    named = lake_place.far()
    assert named is not None
    return named


def on_s3(monkeypatch, endpoint, address):
    monkeypatch.setenv("ZHIKE_LAKE", address)
    monkeypatch.setenv("ZHIKE_LAKE_ENDPOINT", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented too")


def held(name):
    """The rows of a table of the lake, through the lake as every measure opens it."""
    with Lake() as lake:
        return sorted(lake.table(name).to_pyarrow().to_pylist(), key=lambda row: next(iter(row.values())))


def lose_the_copies():
    for folder in snapshot.lake_folder().iterdir():
        if folder.is_dir() and folder.name != "runs":
            shutil.rmtree(folder)


def names(place):
    return [one.name for one in place.stored()]


def finding():
    with translation.override("en"):
        return run_checks(names=["lake_place"])["lake_place"]


def test_a_lake_far_away_is_written_read_and_brought_up_to_date_by_whoever_has_no_copy(place):
    shop = Shop()
    people = shop.customers(3)
    shop.orders([(people[0], START, 900), (people[1], START, 500)])
    snapshot.take()
    assert any(name.startswith("orders/base-000001-") for name in names(place))
    lose_the_copies()
    assert [row["net_cents"] for row in held("orders")] == [900, 500]
    shop.orders([(people[2], START, 700)])
    lose_the_copies()
    modes = {table.table: (table.mode, table.rows) for table in snapshot.take().tables}
    assert modes["orders"] == ("incremental", 1)  # what lay there was taken over, and not read from the database anew
    lose_the_copies()
    assert [row["net_cents"] for row in held("orders")] == [900, 500, 700]
    assert snapshot.take().rows == 0
    before = set(names(place))
    snapshot.take()
    assert {name.split(".")[0] for name in before ^ set(names(place))} == {
        "lake"
    }  # until when was read, and no part anew


def test_a_run_carries_out_its_measures_on_a_lake_far_away(place):
    shop = Shop()
    people = shop.customers(4)
    shop.orders([(person, START + dt.timedelta(days=n), 900 * n) for n, person in enumerate(people, 1)])
    facts = run(only=("rfm",))
    assert (facts.state, facts.counts["scored"]) == ("done", 4)


def test_whoever_reads_the_snapshot_before_finds_it_until_an_hour_has_passed(place):
    shop = Shop()
    people = shop.customers(5)
    snapshot.take()
    before = lake_sharing.pointed(place, snapshot.lake_owner())
    shop.change("customers_customer", people[0], archived_at=FIRST)
    snapshot.take(compact=True)
    after = lake_sharing.pointed(place, snapshot.lake_owner())
    assert after.number == before.number + 1
    old, new = ({f"customers/{part}" for part in one.tables["customers"].base} for one in (before, after))
    assert old.isdisjoint(new) and old | new <= set(names(place))
    later = clock.now() + dt.timedelta(hours=2)
    manifests = after.tables
    for manifest in manifests.values():
        manifest.retired.clear()  # as the next snapshot's own sweep does after an hour
    lake_sharing.sweep(place, manifests, later)
    assert old.isdisjoint(names(place)) and new <= set(names(place))
    assert [name for name in names(place) if name.startswith("lake.")] == [f"lake.{after.number:09d}.json"]
    lose_the_copies()
    assert people[0] not in [row["customer_id"] for row in held("customers")]


class _Stops:
    """A place whose machine dies when the pointer is written."""

    def __init__(self, place):
        self._place = place

    def __getattr__(self, name):
        return getattr(self._place, name)

    def write(self, name, content):
        raise PlaceProblem("lake_away", "gone")


def test_a_snapshot_that_dies_before_its_pointer_leaves_the_one_before(place, monkeypatch):
    shop = Shop()
    shop.customers(20)  # of fewer one more would be a fifth, and the parts be folded into one
    snapshot.take()
    shop.customers(1)
    monkeypatch.delenv("ZHIKE_LAKE")
    snapshot.take()  # read into the copies alone
    with pytest.raises(PlaceProblem):
        lake_sharing.publish(_Stops(place), snapshot.lake_folder(), snapshot.lake_owner())
    assert len(lake_sharing.pointed(place, snapshot.lake_owner()).tables["customers"].deltas) == 0
    lake_sharing.publish(place, snapshot.lake_folder(), snapshot.lake_owner())
    assert len(lake_sharing.pointed(place, snapshot.lake_owner()).tables["customers"].deltas) == 1


def test_a_part_that_came_only_in_part_is_not_read(place):
    Shop().customers(2)
    snapshot.take()
    lose_the_copies()
    part = next(name for name in names(place) if name.startswith("customers/"))
    place.delete(part)
    place.write(part, b"half")
    with pytest.raises(PlaceProblem, match="came in part"):
        Lake()


def test_a_place_where_another_installation_keeps_its_lake_is_left_alone(place):
    Shop().customers(2)
    snapshot.take()
    (snapshot.home.home() / "lake.owner").write_text("somebody else.1", encoding="ascii")
    before = names(place)
    with pytest.raises(PlaceProblem, match="lake_taken"):
        snapshot.take()
    assert finding().state == "failed" and "Another installation" in finding().text
    actions.forget_lake()
    assert names(place) == before


def test_a_lake_that_was_forgotten_is_made_anew_even_where_it_could_not_be_deleted(place, monkeypatch):
    shop = Shop()
    shop.customers(2)
    snapshot.take()
    monkeypatch.setattr(lake_sharing, "forget", _away)
    actions.forget_lake()  # as after a restore: it must not fail
    assert any(name.startswith("customers/") for name in names(place))
    assert {table.mode for table in snapshot.take().tables} == {"full"}


def _away(*_asked: object) -> None:
    raise PlaceProblem("lake_away")


def test_forgetting_deletes_the_lake_and_nothing_else_that_lies_there(place):
    Shop().customers(2)
    snapshot.take()
    place.write("notes of somebody.txt", b"ours to keep")
    actions.forget_lake()
    assert names(place) == ["notes of somebody.txt"]


def test_the_doctor_writes_reads_and_deletes_at_the_place(place):
    assert finding().state == "ok"
    assert names(place) == []


def test_a_newer_versions_lake_is_not_touched(place):
    place.write("lake.000000007.json", b'{"format": 2, "owner": "whoever"}')
    with pytest.raises(PlaceProblem, match="lake_newer"):
        lake_sharing.pointed(place, snapshot.lake_owner())
    assert finding().state == "failed" and "newer version" in finding().text


@pytest.fixture
def nobody() -> Iterator[str]:
    """A port where nobody takes connections, kept so for the story."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{kept.getsockname()[1]}"


@pytest.mark.parametrize("kind", ["s3", "webhdfs"])
def test_a_place_that_does_not_answer_fails_the_run_with_its_reason(monkeypatch, nobody, kind):
    shop = Shop()
    shop.orders([(shop.customers(1)[0], START, 900)])
    on_s3(monkeypatch, f"http://{nobody}", "s3://lake/x" if kind == "s3" else f"webhdfs://{nobody}/x")
    with pytest.raises(JobFailed, match="lake_away"):
        run()
    assert queries.runs()[0].error == "lake_away"
    assert finding().state == "failed" and finding().remedy.startswith("Start the storage")


def test_a_bucket_that_is_not_there_and_a_cluster_that_refuses_are_told_apart(monkeypatch, s3, hdfs):
    on_s3(monkeypatch, s3, "s3://no-such-bucket/x")
    assert "bucket" in finding().text
    monkeypatch.setenv("ZHIKE_LAKE", f"webhdfs://{hdfs.address}/x")
    hdfs.refusing = True
    assert "refuses us" in finding().text and "Permission denied" in finding().text


def test_hdfs_by_hadoops_library_says_what_is_missing(monkeypatch, nobody):
    monkeypatch.setenv("ZHIKE_LAKE", f"hdfs://{nobody}/x")
    monkeypatch.setenv("ARROW_LIBHDFS_DIR", "/nowhere")
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    with pytest.raises(PlaceProblem, match=r"lake_library|lake_away"):
        lake_place.far()
    assert finding().state == "failed"


@pytest.mark.parametrize(
    "text",
    [
        "lake",
        "ftp://host/x",
        "s3://",
        "s3://key:secret@bucket/x",
        "s3://bucket/x?region=y",
        "webhdfs:///x",
        "file://host/x",
    ],
)
def test_a_place_named_wrongly_is_refused_with_the_forms_there_are(monkeypatch, text):
    monkeypatch.setenv("ZHIKE_LAKE", text)
    with pytest.raises(PlaceProblem, match="lake_setting"):
        lake_place.named()
    assert finding().state == "failed" and "secret" not in finding().text


def test_keys_in_a_file_others_can_read_and_halves_of_keys_are_refused(monkeypatch, tmp_path):
    on_s3(monkeypatch, "http://127.0.0.1:9", "s3://lake/x")
    keys = tmp_path / "keys.txt"
    keys.write_text("AKINVENTED\ninvented\n", encoding="utf-8")
    keys.chmod(0o644)
    monkeypatch.setenv("ZHIKE_LAKE_KEY_FILE", str(keys))
    with pytest.raises(PlaceProblem, match="chmod 600"):
        lake_place.far()
    keys.chmod(0o600)
    settings = lake_place.far().spark_settings()
    assert settings["spark.hadoop.fs.s3a.access.key"] == "AKINVENTED"
    assert settings["spark.hadoop.fs.s3a.path.style.access"] == "true"
    assert lake_place.far().for_spark("orders/a.parquet") == "s3a://lake/x/orders/a.parquet"
    keys.write_text("AKINVENTED\n", encoding="utf-8")
    with pytest.raises(PlaceProblem, match="two lines"):
        lake_place.far()


def test_what_goes_over_a_network_in_clear_is_warned_of(monkeypatch, hdfs):
    monkeypatch.setenv("ZHIKE_LAKE", f"webhdfs://{hdfs.address}/x")
    assert finding().state == "ok"  # this machine is no network
    monkeypatch.setattr(lake_place, "is_clear", lambda parts: True)
    assert finding().state == "warning" and "in clear" in finding().text
    monkeypatch.undo()
    monkeypatch.setenv("ZHIKE_LAKE", "webhdfs://name-node:9870/x")
    assert lake_place.is_clear(lake_place.named())
    monkeypatch.setenv("ZHIKE_LAKE", "s3://lake/x")
    assert not lake_place.is_clear(lake_place.named())


def test_a_folder_that_the_setting_names_holds_the_lake_and_keeps_what_is_not_ours(monkeypatch, tmp_path):
    folder = tmp_path / "disk" / "lake"
    monkeypatch.setenv("ZHIKE_LAKE", str(folder))
    Shop().customers(2)
    snapshot.take()
    assert len(held("customers")) == 2
    assert folder.stat().st_mode & 0o777 == 0o700 and finding().state == "ok"
    (folder / "notes.txt").write_text("ours to keep", encoding="utf-8")
    actions.forget_lake()
    assert not (folder / "customers").exists() and (folder / "notes.txt").exists()


def test_a_folder_that_cannot_be_made_is_told(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("ZHIKE_LAKE", str(tmp_path / "file" / "lake"))
    assert finding().state == "failed"
    with pytest.raises(PlaceProblem, match="lake_away"):
        snapshot.take()


def test_every_trouble_with_the_place_has_its_words_and_what_to_do():
    text = Path(lake_place.__file__).read_text(encoding="utf-8")
    codes = {code for code in words.ERRORS if code.startswith("lake_")}
    assert codes == set(words.REMEDIES) and all(f"`{code}`" in text for code in codes)

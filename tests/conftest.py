"""The ground every test stands on: a data folder of its own, and the database the run was asked for.

`ZHIKE_TEST_DATABASE=postgresql pytest -m both_databases` runs the storage tests on a PostgreSQL server that is started
for the run; without it everything runs on SQLite files. Processes that tests start find the same databases, because
the environment names them.
"""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as drawing

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_MEMORY = Path("/dev/shm")  # a folder in memory, where the machine has one: nobody waits for a disk to have written
_ROOMY = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 4 * 2**30
_HOME = Path(tempfile.mkdtemp(prefix=f"zhike-test-{_WORKER}", dir=_MEMORY if _ROOMY else None))
(_HOME / "static").mkdir()
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    sys.dont_write_bytecode = False  # hundreds of processes are started; none shall read the sources anew

os.environ["ZHIKE_TESTING"] = "1"
os.environ["ZHIKE_HOME"] = str(_HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "zhike.config.settings"
for _name in ("ZHIKE_DATABASE", "ZHIKE_KEYRING", "ZHIKE_FAILPOINT", "ZHIKE_DEBUG"):
    os.environ.pop(_name, None)

ON_POSTGRESQL = os.environ.get("ZHIKE_TEST_DATABASE", "sqlite") == "postgresql"
if ON_POSTGRESQL:
    from tests.postgresql import server_address

    os.environ["ZHIKE_DATABASE"] = server_address(f"zhike_test_{_WORKER}")
    os.environ["ZHIKE_KEYRING"] = server_address(f"zhike_test_keyring_{_WORKER}")

# What a test of a folder takes, about; files are begun in the order of what theirs take together (`make test`).
_SECONDS = {"browser": 10.0, "packaging": 10.0, "flows": 8.0, "protect": 4.0, "analyze": 1.5, "clean": 1.5, "desk": 1.0}
_SECONDS_ELSEWHERE = 0.2
# Files whose tests take more than others of their folder: begun last, one of them would keep a single process busy.
_SECONDS_IN = {
    "analyze/test_overview.py": 3.5,
    "analyze/test_measures_run.py": 3.0,
    "api/test_fuzz.py": 20.0,
    "api/test_rights.py": 1.5,
    "browser/test_pages.py": 25.0,
    "browser/test_stories_details.py": 25.0,
    "clean/test_duplicates.py": 3.0,
    "customers/identity/test_machine.py": 6.0,
    "customers/test_consents.py": 1.0,
    "desk/demo/test_demo_shop.py": 2.0,
    "desk/demo/test_demo_shop_of_a_day.py": 10.0,
    "flows/test_import_kill.py": 15.0,
    "flows/test_upgrade.py": 40.0,
    "secure/test_rotation_kill.py": 5.0,
    "secure/test_routes.py": 4.0,
}

# A machine at work elsewhere draws slowly; that is no fault of what is drawn.
drawing.register_profile("patient", drawing.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
drawing.load_profile("patient")

_LIVE = frozenset(
    f"{_HOME}/{name}{end}" for name in ("zhike.sqlite3", "keyring.sqlite3") for end in ("", "-wal", "-shm")
)


def _leave_live_databases_alone(event: str, arguments: tuple[Any, ...]) -> None:
    """Whoever opens the file of a live database drops the locks of this process (tests/at_rest.py says why)."""
    if event == "open" and isinstance(arguments[0], str) and arguments[0] in _LIVE:
        raise RuntimeError(
            f"read {arguments[0]} with tests.at_rest: opened here, the next process may clear its log away"
        )


sys.addaudithook(_leave_live_databases_alone)

os.environ.setdefault("ZHIKE_TEST_MODEL", f"{_HOME}/model")  # where the processes of this run keep what they copy
pytest_plugins = ["tests.blank", "tests.cast", "tests.emptying"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Parallel workers choose a data folder of their own before settings are read; told of the settings they would not."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage over and over costs a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_configure() -> None:
    from django.conf import settings

    for database in settings.DATABASES.values():
        database.setdefault("TEST", {})["NAME"] = database["NAME"]


@pytest.hookimpl(tryfirst=True)  # before what is not asked for is left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that touch the database touch the keyring too, unless they say otherwise; long files come first."""
    for item in items:
        if item.get_closest_marker("long_on_postgresql"):
            if not item.get_closest_marker("both_databases"):
                raise pytest.UsageError(f"{item.nodeid}: long_on_postgresql, but not told there at all")
            if ON_POSTGRESQL:
                item.add_marker("slow")
        for marker in item.iter_markers("django_db"):
            marker.kwargs.setdefault("databases", ["default", "keyring"])
    if _WORKER:
        _long_files_first(items)


def _long_files_first(items: list[pytest.Item]) -> None:
    """Side by side a file goes to whoever is free: a long one begun last would leave the others idle at the end."""
    seconds: Counter[Path] = Counter()
    for item in items:
        file = item.path.relative_to(Path(__file__).parent)
        of_folder = _SECONDS.get(file.parts[0], _SECONDS_ELSEWHERE)
        seconds[item.path] += _SECONDS_IN.get(file.as_posix(), of_folder)
    items.sort(key=lambda item: -seconds[item.path])  # stable: within a file the order stays


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Keep the names chosen above, so that processes started by tests use the same databases.

    Of processes side by side the first makes the tables, and each lays a copy under its own names.
    """
    if _WORKER:
        from django.conf import settings

        from tests import blank

        names = {alias: str(database["NAME"]) for alias, database in settings.DATABASES.items()}
        (blank.lay_on_server if ON_POSTGRESQL else blank.lay_files)(names)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """What was laid is not made again."""
    return bool(_WORKER)


@pytest.fixture(autouse=True)
def _fresh_id_blocks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ids a process keeps do not outlive the rows of a test."""
    from zhike.kit import ids

    ids.forget_blocks()
    yield
    ids.forget_blocks()


@pytest.fixture(autouse=True)
def _keys_of_this_home() -> None:
    """Root keys read in another folder by the test before are none of this one's: a process it starts reads its own."""
    if roots := sys.modules.get("zhike.secure.vault.roots"):
        roots.forget()


@pytest.fixture(autouse=True)
def _no_lake_of_others() -> None:
    """The lake follows the rows of one test; read on by the next, it would tell of customers long gone."""
    lake = _HOME / "lake"
    if lake.exists():
        if warm := sys.modules.get("zhike.analyze.warm_child"):
            warm.CHILD.stop()
        shutil.rmtree(lake)


@pytest.fixture(scope="module", autouse=True)
def _warm_child_of_a_file() -> Iterator[None]:
    """One child answers all stories of a file, opening the lake anew where another lies, and ends with it."""
    yield
    if warm := sys.modules.get("zhike.analyze.warm_child"):
        warm.CHILD.stop()


@pytest.fixture(autouse=True)
def _usual_language() -> Iterator[None]:
    """A command called inside a test speaks the language of its terminal; the next test must not."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture
def home() -> Path:
    """The data folder of this test run."""
    return _HOME


@pytest.fixture
def shared_data() -> Path:
    """The folder of real test data beside the checkout; without it a test is skipped, and fails where CI is set."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        reason = f"the test data is not at {folder}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return folder


@pytest.fixture
def process_environment() -> dict[str, Any]:
    """The environment for a process that shall work on the databases of this test."""
    return dict(os.environ)

"""What only one place may do, and what nobody may do."""

import ast
import re

from tests.architecture.source import ROOT, TESTS, attributes, calls, dotted, imports, product_files, tree_of, where

KIT_ONLY_CALLS = re.compile(
    r"^(datetime|dt\.datetime|datetime\.datetime)\.(now|utcnow|today)$|^timezone\.now$|^(dt\.|datetime\.)?date\.today$"
    r"|^uuid\.uuid[14]$|^random\.\w+$|^secrets\.\w+$|^os\.urandom$|^time\.time$"
)
ASKS_THE_TIME_WHEN_EMPTY = {
    "timezone.localtime",
    "timezone.localdate",
    "time.localtime",
    "time.gmtime",
    "time.strftime",
}
# Keys and nonces are cryptography, not chance that a simulation may seed.
CRYPTOGRAPHY = ("zhike.secure.", "zhike.config.secret_key", "zhike.protect.")
# The library of pure functions takes the day as an argument; its command line alone asks for today's.
FEWEST_PARTS = 5  # "test" and four words
OWN_CLOCK = {"zhike_analytics.__main__"}


def test_only_the_events_of_the_kit_touch_on_commit():
    found = [where(f, n) for f in product_files() for n, name in attributes(f) if name.endswith(".on_commit")]
    assert [place for place in found if "kit/events.py" not in place] == []


def test_the_sqlite_scanner_of_duckdb_is_loaded_in_the_snapshot_child_alone():
    word = re.compile(r"sqlite_scanner|sqlite_scan\b|LOAD\s+sqlite|TYPE\s+sqlite", re.IGNORECASE)
    found = [dotted(f) for f in product_files() if word.search(_code(f.read_text(encoding="utf-8")))]
    assert [name for name in found if name != "zhike.analyze.snapshot_child"] == []


def test_time_and_chance_come_only_through_the_kit():
    wrong = []
    for file in product_files():
        name = dotted(file)
        if name.startswith("zhike.kit.") or name in OWN_CLOCK:
            continue
        for line, used, given in calls(file):
            if given == 0 and used in ASKS_THE_TIME_WHEN_EMPTY:
                wrong.append(f"{where(file, line)} {used}")
            if KIT_ONLY_CALLS.match(used) and not (
                used.startswith(("secrets.", "os.urandom")) and name.startswith(CRYPTOGRAPHY)
            ):
                wrong.append(f"{where(file, line)} {used}")
    assert not wrong, "\n".join(wrong)


def test_nothing_is_ever_pickled_anywhere():
    names = {"pickle", "cPickle", "dill", "shelve", "marshal", "joblib"}
    wrong = [where(f, n) for f in product_files() for n, name in imports(f) if name.split(".")[0] in names]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_to_do():
    word = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    wrong = [
        where(f, n)
        for f in product_files()
        for n, line in enumerate(f.read_text(encoding="utf-8").splitlines(), 1)
        if word.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_tests_have_sentences_for_names():
    wrong = []
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(tree_of(file)):
            if (
                isinstance(node, ast.FunctionDef)
                and node.name.startswith("test_")
                and len(node.name.split("_")) < FEWEST_PARTS
            ):
                wrong.append(f"{file.relative_to(ROOT)} {node.name}")
    assert not wrong, "\n".join(wrong)


def _code(text: str) -> str:
    """The text without its comments and docstrings, which may explain the rule."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def test_no_test_names_a_folder_of_one_machine():
    """The data of tests are found from where the checkout lies (`shared_data`): elsewhere a path of one machine is not there."""
    named = re.compile(r"""Path\(\s*["']/(?!dev/|proc/|usr/|etc/|tmp/)[a-z]+/[a-z.]""")
    files = [f for f in TESTS.rglob("*.py") if f.name != "test_forbidden.py"]
    assert files and [str(f.relative_to(ROOT)) for f in files if named.search(f.read_text(encoding="utf-8"))] == []

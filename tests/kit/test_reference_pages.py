"""The reference says what the program does: generated pages are current, and no setting goes undocumented."""

import re
import subprocess
import sys

from tests.architecture.source import ROOT, TESTS, product_files

SETTING = re.compile(r"""["'](ZHIKE_[A-Z_]+)["']""")
SHELL_SETTING = re.compile(r"\$\{?(ZHIKE_[A-Z_]+)")
DEPLOYED_SETTING = re.compile(r"^[ \t]*(?:ENV |Environment=|export )?(ZHIKE_[A-Z_]+)\s*(?:=|:|\?=)", re.MULTILINE)


def test_the_generated_pages_are_what_the_program_would_write_today():
    # In a process of its own: what other tests register is not the program's.
    words = [sys.executable, "-m", "zhike.cli.reference", "--check"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, f"{told.stdout}{told.stderr}\nrun `make docs`"


def test_every_setting_of_the_code_is_documented_in_both_languages():
    used = {
        name
        for f in [*product_files(), *TESTS.rglob("*.py")]
        for name in SETTING.findall(f.read_text(encoding="utf-8"))
    }
    deployed = [ROOT / "Makefile", ROOT / "compose.yaml", ROOT / "Containerfile"]
    for file in [*deployed, *(f for f in (ROOT / "deploy").rglob("*") if f.is_file())]:
        text = file.read_text(encoding="utf-8")
        used |= set(SHELL_SETTING.findall(text)) | set(DEPLOYED_SETTING.findall(text))
    for page in ("docs/reference/settings.md", "docs/zh/reference/settings.md"):
        told = set(re.findall(r"^\| `(ZHIKE_[A-Z_]+)`", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE))
        assert (sorted(used - told), sorted(told - used)) == ([], []), page


def test_no_page_of_the_documentation_links_to_nothing():
    link = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    dead = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in pages
        for target in link.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_every_page_of_the_documentation_is_in_its_index():
    unlisted = []
    for folder, wanted in (
        ("docs", ("how-to", "reference", "explanation", "tutorial")),
        ("docs/zh", ("how-to", "reference", "explanation", "tutorial")),
        ("docs/decisions", ("",)),
    ):
        index = (ROOT / folder / "README.md").read_text(encoding="utf-8")
        for part in wanted:
            pages = sorted((ROOT / folder / part).glob("*.md"))
            names = [str(page.relative_to(ROOT / folder)) for page in pages if page != ROOT / folder / "README.md"]
            unlisted += [f"{folder}/{name}" for name in names if f"({name})" not in index]
    assert unlisted == []

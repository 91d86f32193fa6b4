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


def documentation() -> list[tuple[str, str]]:
    return [
        (str(p.relative_to(ROOT)), p.read_text(encoding="utf-8"))
        for p in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    ]


def test_every_command_the_documentation_shows_exists_with_the_options_shown():
    import click

    from zhike.cli import zhike

    wrong = []
    for page, text in documentation():
        shown = re.findall(
            r"(?:^(?: {4}|- )|`)(?:[A-Z_]+=\S+ )*(?:[\w./-]+/)?zhike ((?:[a-z-]+ ?)+)([^`\n#|]*)", text, re.MULTILINE
        )
        for words, rest in shown:
            found, context = zhike, click.Context(zhike)
            for word in words.split():
                inner = found.get_command(context, word) if isinstance(found, click.Group) else None
                if inner is None:
                    break
                found = inner
            if found is zhike:
                wrong.append(f"{page}: zhike {words}")
                continue
            known = {name for parameter in found.params for name in parameter.opts} | {"--help"}
            wrong += [
                f"{page}: zhike {words}{name}" for name in re.findall(r"(?<!\S)--[a-z-]+", rest) if name not in known
            ]
    assert wrong == []


def test_every_make_target_the_documentation_shows_exists_and_every_target_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    told = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert targets == told
    wrong = [
        f"{page}: make {name}"
        for page, text in documentation()
        for name in re.findall(r"(?:^ {4}|`)make ([a-z-]+)", text, re.MULTILINE)
        if name not in targets
    ]
    assert wrong == []


def test_every_metric_of_the_alarms_is_told_in_the_reference():
    for folder in ("docs", "docs/zh"):
        alarms = (ROOT / folder / "how-to/watch.md").read_text(encoding="utf-8")
        told = (ROOT / folder / "reference/metrics.md").read_text(encoding="utf-8")
        used = set(re.findall(r"\bzhike_[a-z_]+", alarms)) - {"zhike_web_"}
        named = {name.removesuffix("_bucket").removesuffix("_count") for name in used}
        assert [name for name in sorted(named) if f"`{name}`" not in told] == []

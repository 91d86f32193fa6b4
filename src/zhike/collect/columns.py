"""The columns of a file as the mapping page shows them: what each may mean, and a few of its cells as a viewer may see them."""

from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from zhike.collect.mapping import Guess, guess, load
from zhike.collect.mapping.binding import clean
from zhike.collect.mapping.guessing import MOST_ROWS, looks_personal, shape_of, words_of
from zhike.collect.mapping.targets import STATE_WORDS, TARGETS, Target, targets_of
from zhike.collect.mapping.writing import meanings_of
from zhike.collect.models import ImportRun
from zhike.collect.running.prepared_file import known_table
from zhike.secure import fields, queries
from zhike.secure.records import Viewer
from zhike_analytics.values import is_masked, masks

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Head:
    """Headings and the first rows of a file."""

    headers: tuple[str, ...]
    rows: list[list[str]]


def head_of(run_id: int) -> Head:
    """The head of a described file; only as much of it is read. Raises FileProblem."""
    run = ImportRun.objects.get(id=run_id)
    shape = run.check_result
    table = known_table(run, shape["encoding"], shape["delimiter"])
    return Head(table.headers, [row.cells for row in islice(table.rows(), MOST_ROWS)])


def guessed(head: Head, kind: str = "") -> Guess:
    """The likeliest mapping; of one kind when it is one that can be mapped."""
    return guess(head.headers, head.rows, kind if kind in TARGETS else "")


def known_or_guessed(run_id: int, head: Head, kind: str = "") -> Guess:
    """What the run's own mapping says of its columns, if it has one of this kind; else a guess."""
    run = ImportRun.objects.get(id=run_id)
    if not run.mapping_text or kind not in ("", run.kind):
        return guessed(head, kind or run.kind)
    mapping = load(run.mapping_text, code=run.template)
    found = guessed(head, mapping.kind)
    meanings = meanings_of(mapping, head.headers)
    return replace(
        found,
        meanings=meanings,
        row_per=mapping.row_per,
        dates=mapping.dates or "",
        decimal=mapping.decimal or "",
        words={
            code: words_of(code, [clean(row[at]) for row in head.rows if at < len(row) and row[at].strip()])
            for at, code in meanings.items()
            if code in STATE_WORDS
        },
    )


def columns(head: Head, kind: str, meanings: Table[int, str], viewer: Viewer) -> list[dict[str, Any]]:
    """Each column with its samples; `meanings` is what is chosen for it now."""
    known = {target.code: target for target in targets_of(kind)}
    found = []
    for at, name in enumerate(head.headers):
        chosen = known.get(meanings.get(at, ""))
        filled = [row[at] for row in head.rows if at < len(row) and row[at].strip()]
        found.append(
            {
                "at": at,
                "heading": name,
                "chosen": chosen.code if chosen else "",
                "samples": [_seen(cell, chosen, filled, viewer) for cell in dict.fromkeys(filled[:40])][:_SHOWN],
                "is_blank": not filled,
            }
        )
    return found


def words_asked(found: Guess) -> list[dict[str, Any]]:
    """The words of columns of states, each with the codes it could stand for and the one it most likely does."""
    return [
        {"code": code, "index": index, "word": word, "chosen": state, "states": list(STATE_WORDS[code])}
        for code, words in found.words.items()
        for index, (word, state) in enumerate(words.items())
    ]


def _seen(cell: str, target: Target | None, beside: list[str], viewer: Viewer) -> str:
    """A cell as the policy lets a viewer see it. A column nobody has named yet shows the shape of its cells only."""
    if is_masked(cell):
        return cell[:60]
    name = target.field if target else ""
    personal = looks_personal(beside)
    if personal and (not name or not fields.field(name).sealed):
        name = personal
    if not name:
        return cell[:60] if target else shape_of(cell)
    if not fields.known(name) or queries.sight(viewer, name) == "hidden":
        return shape_of(cell)
    if fields.field(name).sealed:
        return masks.mask(fields.field(name).mask, cell)
    return queries.show(viewer, name, cell)[:60]

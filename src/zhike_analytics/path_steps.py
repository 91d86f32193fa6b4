"""Steps of a funnel as somebody writes them, read without the engine: forms ask for them, too."""

from __future__ import annotations

from dataclasses import dataclass

from zhike_analytics.problem import MeasureProblem

HELP = ("chat", "faq", "offer")
FEWEST, MOST = 2, 8
MARKS = ("product", "favorite", "search", "basket", "checkout", "form", "form_sent", "queue", "served", *HELP, "order")
DEFAULT_STEPS = "product\nbasket\ncheckout\norder"
_LONGEST = 120


@dataclass(frozen=True)
class Step:
    """A step: ``by`` mark, event (its name) or page (a pattern of its path: `*` at its ends stands for anything)."""

    label: str
    by: str
    what: str


def read_steps(text: str) -> list[Step]:
    """Steps out of lines: ``basket`` (a mark), ``event Product Added``, ``page /checkout/*``; before any of them a name
    of one's own and ``=``. Raises MeasureProblem paths.steps_count, paths.step_unknown with its line."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not FEWEST <= len(lines) <= MOST:
        raise MeasureProblem("paths.steps_count", least=FEWEST, most=MOST)
    return [_step(line, number) for number, line in enumerate(lines, 1)]


def _step(line: str, number: int) -> Step:
    label, has_name, said = line.partition("=")
    label, said = (label.strip(), said.strip()) if has_name else ("", line)
    by, _, what = said.partition(" ")
    if said in MARKS:
        by, what = "mark", said
    elif by not in ("event", "page") or not what.strip("* ") or len(said) > _LONGEST or len(label) > _LONGEST:
        raise MeasureProblem("paths.step_unknown", line=number)
    return Step(label or ("" if by == "mark" else what), by, what)

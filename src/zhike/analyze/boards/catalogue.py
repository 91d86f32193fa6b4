"""What a dashboard can show: kinds of tiles, registered where their figures are made. Modules above may register more."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhike.analyze import queries
from zhike.analyze.records import RunFacts
from zhike.secure import queries as rights
from zhike.secure.records import Viewer


@dataclass(frozen=True, slots=True)
class Drawn:
    """One tile as one reader sees it.

    `empty` says why there is nothing; else `figure` (value, href, note, trend), `bars` (label, value, shown, url) or
    `chart` (spec, table), or several of them. `about` tells how the figure is defined.
    """

    label: str = ""  # where the kind alone does not name it
    empty: str = ""
    figure: dict[str, Any] | None = None
    bars: Sequence[dict[str, Any]] = ()
    chart: dict[str, Any] | None = None
    as_of: dt.date | None = None
    about: str = ""
    url: str = ""  # the page behind the tile


@dataclass
class Looking:
    """Somebody looks at a board: their rights, and the runs its tiles share, read once.

    `day`: as of this day, not today. `compared`: beside the run before. `leaving`: the figures go out on paper or by mail,
    so only what the reader may take out is told.
    """

    viewer: Viewer
    day: dt.date | None = None
    compared: bool = False
    leaving: bool = False
    _runs: dict[tuple[str, dt.date | None], RunFacts | None] = field(default_factory=dict)

    def run(self, kind: str) -> RunFacts | None:
        """The newest run of a kind as of the day looked at."""
        return self._run(kind, self.day)

    def run_before(self, run: RunFacts) -> RunFacts | None:
        """The newest run of the same kind as of an earlier day."""
        return self._run(run.kind, run.as_of - dt.timedelta(days=1))

    def _run(self, kind: str, day: dt.date | None) -> RunFacts | None:
        if (kind, day) not in self._runs:
            self._runs[kind, day] = queries.run_on(kind, day) if day else queries.latest_run(kind)
        return self._runs[kind, day]

    def sees(self, *fields: str) -> bool:
        """Whether all these fields are shown to the reader, and may leave where figures leave."""
        return all(
            rights.sight(self.viewer, name) == "shown" and (not self.leaving or rights.may_export(self.viewer, name))
            for name in fields
        )

    @property
    def sees_all(self) -> bool:
        """Whether the reader may be told of all customers; the figures of runs are of all."""
        return self.viewer.is_machine or self.viewer.scope == "all"


@dataclass(frozen=True, slots=True)
class TileKind:
    """A kind of tile. `choices` names what one can be made of (segments, kept questions); without, it stands alone."""

    code: str
    label: Any
    draw: Callable[[Looking, str], Drawn]
    choices: Callable[[Viewer], list[tuple[str, str]]] | None = None


KINDS: dict[str, TileKind] = {}
RUNS: set[str] = set()  # kinds of runs that tiles are drawn from: their days can be looked at


def offer(code: str, label: Any, choices: Callable[[Viewer], list[tuple[str, str]]] | None = None) -> Any:
    """Register the function below as a kind of tile: called with who looks and what the tile is of, it returns Drawn."""

    def register(draw: Callable[[Looking, str], Drawn]) -> Callable[[Looking, str], Drawn]:
        KINDS[code] = TileKind(code, label, draw, choices)
        return draw

    return register

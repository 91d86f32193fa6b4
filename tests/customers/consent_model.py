"""Consent in plain Python, the way a lawyer would draw it: files, which file was merged into which, and who answered what.

Every question is answered by reading everything again; nothing is kept. The real thing is held to it.
"""

import datetime as dt
from dataclasses import dataclass, field


@dataclass
class Said:
    """An answer, with the number of its arrival (later stands above earlier where the moments are the same)."""

    file: int
    purpose: str
    answer: str
    at: dt.datetime
    until: dt.datetime | None
    version: int
    arrived: int
    known: dt.datetime | None = None  # a withdrawal: when whoever notes it came to know

    def counts_from(self) -> dt.datetime:
        """A withdrawal stands from when it became known, whatever was agreed to before that; a consent from its moment."""
        return max(self.at, self.known) if self.known is not None else self.at


@dataclass
class World:
    """Files 0…n-1; `into` says which file one was merged into."""

    into: dict[int, int] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    anew: dict[str, int] = field(default_factory=dict)

    def root(self, file: int) -> int:
        while file in self.into:
            file = self.into[file]
        return file

    def group(self, file: int, files: int) -> list[int]:
        return [f for f in range(files) if self.root(f) == self.root(file)]

    def give(
        self, file: int, also: list[int], purpose: str, at: dt.datetime, until: dt.datetime | None, version: int
    ) -> None:
        for one in [self.root(file), *(a for a in also if a != self.root(file))]:
            self.said.append(Said(one, purpose, "given", at, until, version, len(self.said)))

    def withdraw(self, file: int, files: int, purpose: str, at: dt.datetime, known: dt.datetime) -> None:
        for one in self.group(file, files):
            self.said.append(Said(one, purpose, "withdrawn", at, None, 0, len(self.said), known))

    def bring(
        self, file: int, files: int, purpose: str, yes: bool, at: dt.datetime, dated: bool, now: dt.datetime
    ) -> None:
        """What a file says. A no always holds, from its own day. A yes holds where nobody withdrew, and otherwise only
        by a day of its own after the withdrawal became known; where the same is agreed to already, nothing is added."""
        group, own = self.group(file, files), self.last(file, purpose)
        out = [f for f in group if self.own_state(f, purpose, now) == "withdrawn"]
        if not yes:
            for one in group:
                if one not in out:
                    self.said.append(Said(one, purpose, "withdrawn", at, None, 0, len(self.said)))
            return
        if own is not None and file in out:
            is_new = dated and at > own.counts_from()
        else:
            is_new = (dated or not out) and self.own_state(file, purpose, now) != "given"
        if is_new:
            self.said.append(Said(file, purpose, "given", at, None, 0, len(self.said)))

    def last(self, file: int, purpose: str) -> Said | None:
        mine = [s for s in self.said if s.file == file and s.purpose == purpose]
        return max(mine, key=lambda s: (s.counts_from(), s.arrived)) if mine else None

    def own_state(self, file: int, purpose: str, now: dt.datetime) -> str:
        last = self.last(file, purpose)
        if last is None or last.answer == "withdrawn":
            return "withdrawn" if last else "unknown"
        holds = (last.until is None or last.until > now) and last.version >= self.anew.get(purpose, 0)
        return "given" if holds else "lapsed"

    def state(self, file: int, files: int, purpose: str, now: dt.datetime) -> str:
        """withdrawn if any file's last word is that; else given if any file's is, and holds; else lapsed, else unknown."""
        states = {self.own_state(one, purpose, now) for one in self.group(file, files)}
        return next((s for s in ("withdrawn", "given", "lapsed") if s in states), "unknown")

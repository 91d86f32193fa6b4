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

    def withdraw(self, file: int, files: int, purpose: str, at: dt.datetime) -> None:
        for one in self.group(file, files):
            self.said.append(Said(one, purpose, "withdrawn", at, None, 0, len(self.said)))

    def state(self, file: int, files: int, purpose: str, now: dt.datetime) -> str:
        """withdrawn if any file's last word is that; else given if any file's is, and holds; else lapsed, else unknown."""
        last = []
        for one in self.group(file, files):
            mine = [s for s in self.said if s.file == one and s.purpose == purpose]
            if mine:
                last.append(max(mine, key=lambda s: (s.at, s.arrived)))
        if any(s.answer == "withdrawn" for s in last):
            return "withdrawn"
        holding = [s for s in last if (s.until is None or s.until > now) and s.version >= self.anew.get(purpose, 0)]
        return "given" if holding else "lapsed" if last else "unknown"

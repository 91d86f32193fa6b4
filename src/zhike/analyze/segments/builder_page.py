"""What the builder's templates show of a draft: each part with its place, its choices, and what is wrong with it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhike.analyze.segments.drafting import Part
from zhike.customers.queries import segments as asked
from zhike.secure.records import Viewer

WHENS = {
    "ever": _("at any time"),
    "last_days": _("in the last … days"),
    "this": _("in this …"),
    "previous": _("in the last whole …"),
    "dates": _("between two days"),
}
UNITS = {"week": _("week"), "month": _("month"), "quarter": _("quarter"), "year": _("year")}
_WITH_LIST = ("any_of", "all_of", "none_of")


@dataclass(frozen=True, slots=True)
class Control:
    """A condition as drawn: what may be asked, what is asked, and which inputs that needs."""

    path: str
    part: Part
    facets: list[tuple[str, list[tuple[str, str, bool]]]]
    tests: list[tuple[str, str, bool]]
    inputs: tuple[str, ...]  # list, words, low, high, window, segment, products
    unit: str
    choices: list[tuple[str, str, bool]]
    sources: list[tuple[str, str, bool]]
    whens: list[tuple[str, str, bool]]
    units: list[tuple[str, str, bool]]
    narrowed: bool
    wrong: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A group as drawn."""

    path: str
    joints: list[tuple[str, str, bool]]
    parts: list["Control | Branch"]
    is_top: bool
    may_nest: bool
    wrong: str
    is_group: bool = True


class Drawing:
    """Turns a draft into controls for one viewer; choices are asked for once a page."""

    def __init__(self, viewer: Viewer, *, own: str = "", wrong: tuple[str, str] | None = None) -> None:
        self.viewer, self.wrong = viewer, wrong or ("-", "")
        self.facets = asked.facets(viewer)
        self.named = [(s.public_id, s.name) for s in asked.segments(viewer) if s.public_id != own]
        self._choices: dict[str, list[tuple[str, str]]] = {}

    def draw(self, part: Part, path: str = "", depth: int = 0) -> "Control | Branch":
        """A part of the draft with everything below it."""
        wrong = self.wrong[1] if self.wrong[0] == path else ""
        if not part.joint:
            return self._control(part, path, wrong)
        below = [self.draw(p, f"{path}.{n}" if path else str(n), depth + 1) for n, p in enumerate(part.parts)]
        joints = [(code, str(label), code == part.joint) for code, label in asked.words.JOINTS.items()]
        return Branch(path, joints, below, depth == 0, depth < 4, wrong)

    def _control(self, part: Part, path: str, wrong: str) -> Control:
        own = next((f for f in self.facets if f.code == part.text("on")), self.facets[0])
        if part.text("on") and own.code != part.text("on"):
            part.typed.pop("is", None)
        part.typed["on"] = own.code
        test = part.text("is") if part.text("is") in own.tests else own.tests[0]
        part.typed["is"] = test
        inputs = _inputs(own, test)
        when = part.text("when") or ("ever" if own.kind == "orders" else "last_days")
        part.typed["when"] = "last_days" if when == "ever" and own.kind == "day" else when
        whens = [(c, str(w), c == part.text("when")) for c, w in WHENS.items() if c != "ever" or own.kind == "orders"]
        return Control(
            path=path,
            part=part,
            facets=self._grouped(own),
            tests=[(t, _test_label(own, t), t == test) for t in own.tests],
            inputs=inputs,
            unit=own.unit,
            choices=self._marked(own.code, part.chosen.get("value", []), {"list", "segment", "words"} & set(inputs)),
            sources=self._marked("source", part.chosen.get("sources", []), {"products"} & set(inputs)),
            whens=whens,
            units=[(c, str(w), c == part.text("unit")) for c, w in UNITS.items()],
            narrowed=any(part.text(n) for n in ("skus", "titles", "categories", "brands"))
            or bool(part.chosen.get("sources")),
            wrong=wrong,
        )

    def _grouped(self, own: asked.Facet) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        groups: dict[str, list[tuple[str, str, bool]]] = {}
        for facet in self.facets:
            groups.setdefault(str(facet.group), []).append((facet.code, str(facet.label), facet.code == own.code))
        return list(groups.items())

    def _marked(self, code: str, chosen: list[str], needed: set[str]) -> list[tuple[str, str, bool]]:
        if not needed:
            return []
        if code not in self._choices:
            facet = asked.facet(code)
            listed = facet.choices(self.viewer) if facet and facet.choices else []
            self._choices[code] = self.named if code == "segment" else [(str(v), str(w)) for v, w in listed]
        return [(value, label, value in chosen) for value, label in self._choices[code]]


def _inputs(own: asked.Facet, test: str) -> tuple[str, ...]:
    if test in _WITH_LIST:
        return ("words",) if own.kind == "words" else ("list",)
    if own.kind == "segment":
        return ("segment",)
    if own.kind == "day":
        return ("window",) if test in ("within", "not_within", "before") else ()
    if test in ("at_least", "at_most", "between"):
        numbers = ("low", "high") if test == "between" else ("low",)
        return (*numbers, "window", "products") if own.kind == "orders" else numbers
    return ()


def _test_label(own: asked.Facet, test: str) -> str:
    if own.kind == "labels" and test == "any_of":
        return str(_("has one of"))
    if own.kind == "labels" and test == "none_of":
        return str(_("has none of"))
    return str(asked.words.TESTS[test])

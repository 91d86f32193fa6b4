"""Questions kept under a name: one's own, and those shared with everybody who may see the analyses."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from zhike.analyze.cubes.question import Question, QuestionRefused, check_sight
from zhike.analyze.models import CubeView
from zhike.kit import chance, clock, ids
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

MOST_KEPT = 60  # by one person


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question under a name."""

    public_id: str
    name: str
    question: Question
    is_shared: bool
    is_own: bool


def keep(question: Question, name: str, *, is_shared: bool = False, by: Viewer) -> KeptQuestion:
    """Keep a question; one's own of the same name is replaced. Sharing needs `analyze.run`.

    Raises Forbidden, QuestionRefused: `name`, `too_many`.
    """
    check(by, "analyze.view")
    check_sight(by, question)
    if is_shared:
        check(by, "analyze.run")
    name = " ".join(name.split())[:60]
    if not name:
        raise QuestionRefused("name")
    with transaction.atomic():
        own = CubeView.objects.filter(staff_id=by.staff_id or 0)
        row = own.filter(name=name).first()
        if row is None:
            if own.count() >= MOST_KEPT:
                raise QuestionRefused("too_many")
            row = CubeView(
                id=ids.take("cube_view")[0], public_id=chance.public_id(), name=name,
                staff_id=by.staff_id or 0, created_at=clock.now(),
            )  # fmt: skip
        row.question, row.is_shared = question.as_json(), is_shared
        row.save()
    return _facts(row, by)


def forget(public_id: str, *, by: Viewer) -> None:
    """Take a kept question away: one's own, or a shared one with `analyze.run`. Raises Forbidden."""
    row = CubeView.objects.filter(public_id=public_id).first()
    if row is None:
        return
    if row.staff_id != (by.staff_id or 0):
        if not row.is_shared:
            raise Forbidden("analyze.view")
        check(by, "analyze.run")
    row.delete()


def kept(viewer: Viewer) -> list[KeptQuestion]:
    """What the viewer kept or others share, by name; a question about what the viewer may not see is left out."""
    found = []
    for row in CubeView.objects.filter(Q(staff_id=viewer.staff_id or 0) | Q(is_shared=True)).order_by("name", "id"):
        try:
            facts = _facts(row, viewer)
            check_sight(viewer, facts.question)
        except QuestionRefused:
            continue
        found.append(facts)
    return found


def _facts(row: CubeView, viewer: Viewer) -> KeptQuestion:
    is_own = row.staff_id == (viewer.staff_id or 0)
    return KeptQuestion(row.public_id, row.name, Question.from_json(row.question), row.is_shared, is_own)

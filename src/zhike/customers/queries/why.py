"""Why a file shows this value: the survivorship rules, run again, with what each source said."""

from zhike.customers import cards, survivorship
from zhike.customers.models import CustomerCard, SourceVersion
from zhike.customers.queries.file import refs_of
from zhike.customers.queries.sources import names_of_sources
from zhike.customers.records import Contender
from zhike.customers.scope import cards_of
from zhike.customers.survivorship import LiveVersion
from zhike.customers.verifying import value_states
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer


def why(viewer: Viewer, customer_id: int, field: str) -> list[Contender]:
    """Every statement of a field on a file, the winner first, as far as the viewer may see the values.

    Empty when the field is hidden from the viewer, unknown, or the file outside their scope. The winner is the version
    the card names as the value's origin; `disagreement` finds cards where it is not.
    """
    if not fields.known(field) or secure.sight(viewer, field) == "hidden":
        return []
    if not cards_of(viewer).filter(customer_id=customer_id).exists():
        return []
    live = [v for _, v in cards.live_versions([customer_id])]
    told = survivorship.contenders(live, field)
    state_of = {v.id: s.state for s in value_states(live, field) for v in s.versions}
    versions = [version for version, _ in told]
    texts = _texts(viewer, versions, field)
    sources = names_of_sources(v.source_id for v in versions)
    staff = staff_of(versions)
    return [
        Contender(
            version_id=version.id,
            source_name=sources.get(version.source_id, ""),
            text=text,
            as_of=version.as_of,
            trust_grade=version.trust_grade,
            by_staff_id=staff.get(version.id),
            won=code == "won",
            why=code,
            state=state_of.get(version.id, ""),
            record_id=version.source_record_id,
            is_house=version.is_house,
        )
        for (version, code), text in zip(told, texts, strict=True)
    ]


def staff_of(versions: list[LiveVersion]) -> dict[int, int | None]:
    """Who of the staff entered a version (None: a source said it)."""
    return dict(SourceVersion.objects.filter(id__in=[v.id for v in versions]).values_list("id", "by_staff_id"))


def disagreement(customer_id: int) -> dict[str, tuple[int | None, int | None]]:
    """Fields whose origin on the card is not what the rules give now: {field: (card's version, rules' version)}."""
    origins = CustomerCard.objects.values_list("origins", flat=True).get(customer_id=customer_id)
    won = survivorship.golden(v for _, v in cards.live_versions([customer_id]))
    names = {*origins, *won}
    pairs = {name: (origins.get(name), won[name][0] if name in won else None) for name in sorted(names)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _texts(viewer: Viewer, versions: list[LiveVersion], field: str) -> list[str]:
    """The competing values by the viewer's sight; what is sealed comes as a mask. A cleared field is an empty text."""
    if not fields.field(field).sealed:
        return [fields.words(fields.field(field), secure.show(viewer, field, v.facts[field])) for v in versions]
    stating = [v for v in versions if v.facts[field] is not None]
    refs = refs_of(stating)
    masks = dict(zip([v.id for v in stating], secure.masked(viewer, [refs[v.id] for v in stating], field), strict=True))
    return [masks.get(v.id, "") for v in versions]

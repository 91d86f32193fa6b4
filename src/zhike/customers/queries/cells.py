"""Values of many files at once, for the rows of one page."""

from collections.abc import Mapping, Sequence

from zhike.customers.models import Customer, CustomerCard, SourceRecord
from zhike.customers.scope import cards_of
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

# The others lie in the card's values.
OWN_COLUMN = frozenset({"name", "sex", "country", "province", "city", "district"})


def stated_texts(viewer: Viewer, customer_ids: Sequence[int], names: Sequence[str]) -> dict[str, Mapping[int, str]]:
    """Open values of the file as the viewer may see them: {field: {customer: text}}; one question, however many.

    Files without the value are not there; sealed fields never are.
    """
    wanted = [f for f in map(fields.field, names) if not f.sealed and secure.sight(viewer, f.name) != "hidden"]
    held = dict(cards_of(viewer).filter(customer_id__in=customer_ids).values_list("customer_id", "values"))
    return {
        f.name: {
            c: fields.words(f, secure.show(viewer, f.name, values[f.name]))
            for c, values in held.items()
            if values.get(f.name)
        }
        for f in wanted
    }


def records_of(viewer: Viewer, customer_ids: Sequence[int]) -> dict[int, int]:
    """{source record: root customer} of files the viewer may see, for modules whose facts point at records."""
    roots = set(cards_of(viewer).filter(customer_id__in=customer_ids).values_list("customer_id", flat=True))
    members = dict(Customer.objects.filter(root_id__in=roots).values_list("id", "root_id"))
    pairs = SourceRecord.objects.filter(customer_id__in=members).values_list("id", "customer_id")
    return {record: members[customer] for record, customer in pairs}


def standing(viewer: Viewer, customer_id: int, field: str) -> tuple[str, str]:
    """The open value that stands in a field as it would be typed, and its change number; both empty for who may not see it."""
    card = cards_of(viewer).filter(customer_id=customer_id).first()
    if card is None or secure.sight(viewer, field) != "shown":
        return "", ""
    if field == "owner":
        text = str(card.owner_staff_id or "")
    elif field == "stage" or field in OWN_COLUMN:
        text = str(getattr(card, field))
    else:
        text = str(card.values.get(field, ""))
    return text, change_number(card, field)


def change_number(card: CustomerCard, field: str) -> str:
    """What an edit must name as seen: the version a value comes from, or the value itself where no version holds it."""
    if field == "owner":
        return str(card.owner_staff_id or 0)
    if field == "stage":
        return str(card.stage)
    return str(card.origins.get(field, 0))

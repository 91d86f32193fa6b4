"""What a merchant would see of the whole base, without ids and times of writing: equal states compare equal."""

from typing import Any

from zhike.customers import cards
from zhike.customers.models import CustomerCard, Lookup, NameToken, SourceRecord, SourceVersion


def logical_state() -> list[Any]:
    """Live customers by the keys of their live records, with card values, lookups and name tokens."""
    keys = {r.id: r.external_key for r in SourceRecord.objects.all()}
    live = {v.source_record_id for v in SourceVersion.objects.filter(withdrawn_at=None)}
    lookups: dict[int, set[str]] = {}
    for kind, digest, record in Lookup.objects.values_list("kind", "digest", "source_record_id"):
        lookups.setdefault(record, set()).add(f"{kind}:{bytes(digest).hex()}")
    state = []
    for card in CustomerCard.objects.filter(archived_at=None):
        versions = [v for _, v in cards.live_versions([card.customer_id])]
        records = sorted({v.source_record_id for v in versions} & live)
        columns = cards.columns_of(versions, card.kind)
        shown = {name: getattr(card, name) for name in cards.COLUMNS if name not in ("origins",)}
        state.append(
            {
                "records": sorted(keys[r] for r in records),
                "card": shown,
                "derived": {k: v for k, v in columns.items() if k != "origins"},
                "origin_facts": sorted((name, _key_of(version_id, keys)) for name, version_id in card.origins.items()),
                "lookups": sorted(set().union(*(lookups.get(r, set()) for r in records)) if records else []),
                "tokens": sorted(
                    NameToken.objects.filter(customer_id=card.customer_id).values_list("token", flat=True)
                ),
                "source": card.first_source_id,
            }
        )
    return sorted(state, key=lambda s: s["records"])


def _key_of(version_id: int, keys: dict[int, str]) -> str:
    return keys[SourceVersion.objects.get(pk=version_id).source_record_id]

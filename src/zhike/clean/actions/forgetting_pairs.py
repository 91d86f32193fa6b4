"""Pairs of customers who are no more: erased, or taken away with the demo shop."""

from collections.abc import Collection

from django.db.models import Q

from zhike.clean.models import CandidatePair, KnownPair, MatchModel, MatchRun
from zhike.customers import queries as customers


def forget_pairs_of(customer_id: int) -> None:
    """Delete what was proposed and known of an erased customer's whole group; again after each restore."""
    forget_pairs(customers.members_of([customer_id]) | {customer_id})


def forget_pairs(customer_ids: Collection[int]) -> None:
    """Delete every pair that names one of these."""
    ids = sorted(customer_ids)
    for start in range(0, len(ids), 500):
        named = Q(low_id__in=ids[start : start + 500]) | Q(high_id__in=ids[start : start + 500])
        CandidatePair.objects.filter(named).delete()
        KnownPair.objects.filter(named).delete()


def forget_searches() -> None:
    """Forget the searches there were and what they learned, with the demo shop they looked at."""
    MatchRun.objects.all().delete()
    MatchModel.objects.all().delete()

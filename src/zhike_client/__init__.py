"""A thin client of the Zhike API: `pip install "zhike[client]"`, or copy this folder; it needs httpx and nothing else.

    from zhike_client import Zhike

    with Zhike("https://crm.example", token) as zhike:
        for customer in zhike.customers(city="杭州", orders_min=2):
            print(customer["number"], customer.get("name"))

Reads answer plain dicts, lists come as iterators over all pages. Writes carry an Idempotency-Key of their own, so that
they are repeated safely when the line breaks. Refusals are raised as `Problem`, with a code that never changes.
"""

from zhike_client.client import Zhike
from zhike_client.problem import Problem

__all__ = ["Problem", "Zhike"]

"""The ground of the stories about clean files is that of the customers: two shops and a way to record; and a way to search."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.customers.conftest import record, shopify, taobao, vault_ready

__all__ = ["record", "shopify", "taobao", "vault_ready"]


@pytest.fixture
def search(vault_ready: None) -> Callable[..., Any]:
    """Search the whole base for duplicates, as the night does; returns the run."""

    def run(learn: bool = False) -> Any:
        from zhike.clean.queries import duplicates
        from zhike.kit import jobs

        jobs.enqueue("clean.find_duplicates", learn=learn)
        jobs.run_pending()
        return duplicates.latest_run("full")

    return run

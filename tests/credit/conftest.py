"""Credit stories happen on the first of July 2026."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    from tests.credit import ground
    from zhike.kit import clock

    with clock.freeze(ground.TODAY):
        yield


@pytest.fixture
def shop(db: None) -> None:
    """An installation without customers."""
    from tests.credit import ground

    ground.lay_ground()

"""Python's search for garbage in cycles, put off where a process makes millions of objects and no cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_seldom_sought() -> Iterator[None]:
    """Seek garbage seldom, and not among what is there already: bulk work makes hundreds of thousands of tuples and no cycles.

    Looking for cycles among them took a fourth of the time of an import.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()

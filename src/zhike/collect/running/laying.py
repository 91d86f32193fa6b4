"""Lookups and name tokens of an import laid beside its recording: on PostgreSQL by a thread with a connection of its own.

The server writes them while the recording process makes the next batches ready. SQLite has one writer: there the recording
process lays them itself, between two batches.
"""

import threading

from django.db import connection

from zhike.collect.running.pace import plans_for_few_rows
from zhike.customers import actions as customers


class Laying:
    """Lays one buffer at a time: each brings what stands there in line with names as they are when it is laid."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None

    def lay(self, buffer: customers.IndexBuffer) -> None:
        """Lay a buffer nobody fills any more; raises what went wrong with the one before."""
        self.end()
        if connection.vendor != "postgresql":
            _lay(buffer)
            return
        self._thread = threading.Thread(target=self._beside, args=(buffer,), name="lay-lookups", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait until what was begun lies; raises what went wrong. Safe to call again."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _beside(self, buffer: customers.IndexBuffer) -> None:
        try:
            with plans_for_few_rows():
                _lay(buffer)
        except Exception as error:  # noqa: BLE001  (the recording thread raises it; going on, the run is read again)
            self._error = error
        finally:
            connection.close()  # the thread's own


def _lay(buffer: customers.IndexBuffer) -> None:
    for _ in buffer.lay():
        pass

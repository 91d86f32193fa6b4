"""The process that reads a file ahead of the one that records it.

`python -m zhike.collect.reader_child RUN_ID GROUPS_DONE FIRST_RECORD FIRST_VERSION` prints a part for some hundred groups of
rows, an empty one after the last; see `running/ahead.py`, which reads them. The ids count on from those given: they are of new
records and versions, and lost where a group speaks of nobody new.
"""

import os
import sys
from dataclasses import astuple
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import orjson

from zhike.kit import processes
from zhike.kit.garbage import garbage_seldom_sought

if TYPE_CHECKING:  # reaches models, which can be imported only after Django is set up
    from collections.abc import Iterator

    from zhike.collect.running.prepared_file import PreparedFile
    from zhike.collect.statements.made import Made
    from zhike.customers.records import BroughtConsent

_TOGETHER = 200


def main(run_id: int, groups_done: int, first_record: int, first_version: int) -> int:
    """Read the run's file from a group on and print what it comes to."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    import django
    from django.conf import settings
    from django.utils.module_loading import import_string

    django.setup()
    import_string(settings.ZHIKE_LOGGING)("child")
    processes.end_with_parent()
    from zhike.collect.models import ImportRun
    from zhike.collect.running.prepared_file import prepare_file

    file = prepare_file(ImportRun.objects.get(id=run_id))
    with garbage_seldom_sought():
        _read(file, groups_done, zip(count(first_record), count(first_version), strict=True))
    return 0


def _read(file: "PreparedFile", groups_done: int, ids: "Iterator[tuple[int, int]]") -> None:
    from zhike.customers.actions import pack_statements
    from zhike.shop.actions import pack_orders

    groups = islice(file.groups(), groups_done, None)
    while together := list(islice(groups, _TOGETHER)):
        some = [file.builder.build(group) for group in together]
        if file.mapping.kind == "orders":
            told, beside = pack_orders([one.order for one in some if one.order is not None], ids)
        else:
            told, beside = pack_statements([one.customer for one in some if one.customer is not None], ids)
        _print([[_packed(one) for one in some], told], beside)
    _print([[], []], b"")


def _packed(made: "Made") -> list[Any]:
    problems, answers = [astuple(p) for p in made.problems], [_answer(a) for a in made.consents]
    return [made.rows, not made.rejected, problems, made.tags, answers, made.repeated_rows]


def _answer(said: "BroughtConsent") -> list[Any]:
    return [said.purpose, said.answer, said.at.isoformat(), said.is_dated]


def _print(told: list[Any], beside: bytes) -> None:
    text = orjson.dumps(told)
    sys.stdout.buffer.write(b"%d %d\n" % (len(text), len(beside)) + text + beside)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:5])))

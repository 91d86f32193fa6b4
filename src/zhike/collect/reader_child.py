"""The process that reads a file ahead of the one that records it: `python -m zhike.collect.reader_child RUN_ID GROUPS_DONE`.

Prints a line of JSON for some hundred groups of rows, `[]` after the last; see `running/ahead.py`, which reads them.
"""

import os
import sys
from dataclasses import astuple
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from zhike.kit import processes

if TYPE_CHECKING:  # reaches models, which can be imported only after Django is set up
    from zhike.collect.statements.made import Made
    from zhike.customers.records import BroughtConsent

_TOGETHER = 200


def main(run_id: int, groups_done: int) -> int:
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
    made = (file.builder.build(group) for group in islice(file.groups(), groups_done, None))
    while some := list(islice(made, _TOGETHER)):
        _print([_packed(one) for one in some])
    _print([])
    return 0


def _packed(made: "Made") -> list[Any]:
    from zhike.customers.actions import pack_statement

    customer = pack_statement(made.customer) if made.customer else None
    return [made.rows, customer, [astuple(p) for p in made.problems], made.tags, [_answer(a) for a in made.consents]]


def _answer(said: "BroughtConsent") -> list[Any]:
    return [said.purpose, said.answer, said.at.isoformat(), said.is_dated]


def _print(told: list[Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))

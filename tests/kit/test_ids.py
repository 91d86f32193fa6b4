import subprocess
import sys

import pytest
from django.db import transaction

from zhike.kit import ids

pytestmark = [pytest.mark.both_databases]

TAKE_MANY = """
import django; django.setup()
from zhike.kit import ids
for _ in range(300):
    print(*ids.take("orders", 7))
"""


@pytest.mark.django_db
def test_ids_are_handed_out_once_and_ascend():
    first, second = ids.take("orders", 5), ids.take("orders", 3)
    assert list(first) == [1, 2, 3, 4, 5]
    assert list(second) == [6, 7, 8]
    assert list(ids.take("customers", 2)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_returns_its_ids():
    with pytest.raises(RuntimeError), transaction.atomic():
        taken = ids.take("orders", 10)
        raise RuntimeError
    with transaction.atomic():
        assert ids.take("orders", 10) == taken


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("processes", [3, pytest.param(8, marks=pytest.mark.slow)])
def test_processes_side_by_side_never_take_the_same_id(process_environment, processes):
    workers = [
        subprocess.Popen([sys.executable, "-c", TAKE_MANY], stdout=subprocess.PIPE, text=True, env=process_environment)
        for _ in range(processes)
    ]
    taken = [int(word) for worker in workers for word in worker.communicate(timeout=300)[0].split()]
    assert all(worker.returncode == 0 for worker in workers)
    assert len(taken) == len(set(taken)) == processes * 300 * 7

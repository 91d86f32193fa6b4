"""Seeded chance draws what real chance could have drawn: as long, of the same characters, and the same again."""

import pytest

from zhike.kit import chance
from zhike.secure import auditing
from zhike.secure.models import AuditEvent
from zhike.secure.records import SYSTEM


@pytest.fixture
def seeded():
    chance.seed(11)
    yield
    chance.seed(None)


def test_a_seeded_token_is_as_long_as_a_real_one(seeded):
    drawn = [chance.token(n) for n in (8, 16, 32)]
    chance.seed(None)
    assert [len(t) for t in drawn] == [len(chance.token(n)) for n in (8, 16, 32)]
    chance.seed(11)
    assert [chance.token(n) for n in (8, 16, 32)] == drawn


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_simulation_writes_its_audit_on_both_databases(seeded):
    auditing.write("demo.changed", by=SYSTEM)
    assert len(AuditEvent.objects.get(action="demo.changed").uid) == 22

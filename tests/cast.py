"""The fixed cast of the stories: who works in the shop, and browsers signed in as each of them.

Fixtures: `owner`, `supervisor`, `agent`, `operator`, `account_manager`, `analyst`, `keeper`, `officer` (Staff rows);
`as_owner` … `as_officer` (Django test clients signed in as them); `viewer_for` (staff → Viewer).
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

OWNER = "知客老板"
SUPERVISOR = "周主管"
AGENT = "小林"
OPERATOR = "运营阿敏"
ACCOUNT_MANAGER = "业务老陈"
ANALYST = "阿青"
KEEPER = "档案小吴"
OFFICER = "安全员老赵"

CAST = {
    "owner": OWNER,
    "supervisor": SUPERVISOR,
    "agent": AGENT,
    "operator": OPERATOR,
    "account_manager": ACCOUNT_MANAGER,
    "analyst": ANALYST,
    "keeper": KEEPER,
    "officer": OFFICER,
}
PASSWORD = "guests-come-back-soon"


def hire(role_code: str, *, email: str = "", name: str = "") -> Any:
    """A member of staff with one built-in role and the cast's password."""
    from zhike.secure import builtin_roles, policy
    from zhike.secure.models import Role, Staff

    builtin_roles.install()  # a database emptied by a transactional test has no roles
    email = email or f"{role_code}@zhike.example"
    staff = Staff.objects.filter(email=email).first()
    if staff is None:
        staff = Staff.objects.create_user(email, PASSWORD, display_name=name or CAST[role_code])
        staff.roles.set(Role.objects.filter(code=role_code))
        policy.touch()
    return staff


def signed_in(staff: Any, **headers: str) -> Client:
    """A browser in which the person is signed in."""
    client = Client(**headers)
    client.force_login(staff)
    return client


def _person(role_code: str) -> Any:
    def person(db: None) -> Any:
        return hire(role_code)

    person.__doc__ = f"{CAST[role_code]}, with the built-in role {role_code}."
    return pytest.fixture(name=role_code)(person)


def _browser(role_code: str) -> Any:
    def browser(db: None) -> Client:
        return signed_in(hire(role_code))

    browser.__doc__ = f"A browser signed in as {CAST[role_code]}."
    return pytest.fixture(name=f"as_{role_code}")(browser)


for _code in CAST:
    globals()[f"_{_code}"] = _person(_code)
    globals()[f"_as_{_code}"] = _browser(_code)


@pytest.fixture
def viewer_for() -> Callable[[Any], Any]:
    """Staff → Viewer, as of now."""
    from zhike.secure import queries

    return queries.viewer_of


@pytest.fixture(scope="session", autouse=True)
def _fast_passwords() -> Iterator[None]:
    """Argon2 costs half a second a password; tests that are not about hashing use a quick hash."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _root_keys() -> None:
    """The data folder of the tests has its root keys."""
    from zhike.secure.vault import roots

    for name in ("installation.id", "kek-1.key", "lookup.key", "audit.key", "backup.key"):
        if roots._is_missing(name):
            roots._write_new(roots.folder() / name, roots._content(name))

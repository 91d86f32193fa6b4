"""The accounts of the demo shop: one for each role, with passwords nobody could guess."""

import os
from dataclasses import dataclass
from pathlib import Path

from zhike.analyze import actions as analyze
from zhike.clean.actions import forgetting_staff
from zhike.clean.queries import funnel
from zhike.customers import actions as customers
from zhike.customers import queries
from zhike.customers.actions import segments
from zhike.customers.records import RegisterFilter, Selection
from zhike.kit import chance
from zhike.kit.home import home
from zhike.reach import actions as reach
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

FILE = "demo-logins.txt"

# role → name of the account and of the person
_PEOPLE = {
    "owner": ("laoban", "演示 沈老板"),
    "supervisor": ("zhuguan", "演示 周主管"),
    "agent": ("kefu", "演示 小林客服"),
    "operator": ("yunying", "演示 阿青运营"),
    "account_manager": ("yewu", "演示 郑业务"),
    "analyst": ("fenxi", "演示 何分析"),
    "keeper": ("dangan", "演示 叶档案"),
    "officer": ("anquan", "演示 秦安全"),
}


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demo shop. The password is shown once more by the file it is kept in."""

    staff_id: int
    email: str
    password: str


def make(*, by: Viewer) -> dict[str, Login]:
    """The accounts by role code. Those of an interrupted filling are made anew."""
    remove(by=by)
    logins = {}
    for role, (account, name) in _PEOPLE.items():
        password = chance.token(12)
        staff_id, email = secure.add_practice_staff(account, name, role, password=password, by=by)
        logins[role] = Login(staff_id, email, password)
    return logins


def remove(*, by: Viewer) -> int:
    """Delete the accounts, what they made and the file with their passwords; returns how many there were.

    After the shop itself: what stands on its customers keeps a template or a rule. Their audit events stay.
    """
    check(by, "demo.manage")
    (home() / FILE).unlink(missing_ok=True)
    account_ids = secure.practice_staff(by=by)
    reach.forget_templates_of(account_ids, by=by)
    forgetting_staff.forget_rules_of(account_ids, by=by)
    # What real staff built on a segment of theirs goes on working.
    segments.forget_segments_of(account_ids, by=by, keep=funnel.segments_in_use())
    analyze.forget_boards_of(account_ids, by=by)
    for account_id in account_ids:
        # A real customer whom somebody gave to one of them has no owner from now on.
        owned = Selection(matching=RegisterFilter(owner_ids=(account_id,), archived="all"))
        for chunk in list(queries.selected_ids(by, owned)):
            customers.set_owner(chunk, None, by=by)
        secure.delete_practice_staff(account_id, by=by)
    return len(account_ids)


def write_down(logins: dict[str, Login]) -> Path:
    """Keep the accounts in a file only this computer's user can read; returns where."""
    place = home() / FILE
    place.unlink(missing_ok=True)
    file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.writelines(f"{role}\t{login.email}\t{login.password}\n" for role, login in logins.items())
    return place


def kept() -> list[tuple[str, str, str]]:
    """(name of the person, e-mail, password) of the accounts the file tells; nothing when there is no file."""
    place = home() / FILE
    if not place.exists():
        return []
    rows = [tuple(line.split("\t")) for line in place.read_text(encoding="utf-8").splitlines()]
    return [(_PEOPLE[row[0]][1], row[1], row[2]) for row in rows if len(row) == 3 and row[0] in _PEOPLE]


def forget_passwords() -> None:
    """Delete the file with the passwords; the accounts stay."""
    (home() / FILE).unlink(missing_ok=True)

"""`zhike staff`: who may sign in."""

import sys

import click

from zhike.cli.command import NotFound, Refused, command, group
from zhike.cli.output import Output

staff = group("staff", "Add, list, invite and disable members of staff.")


@command("list", into=staff)
def list_staff(out: Output) -> None:
    """List everybody with roles, team and state."""
    from django.utils.translation import get_language
    from django.utils.translation import gettext as _

    from zhike.secure.models import Staff

    rows, people = [], []
    for person in Staff.objects.select_related("team").prefetch_related("roles").order_by("id"):
        roles = list(person.roles.all())
        state = "active" if person.is_active else "disabled"
        team = person.team.name if person.team else ""
        rows.append(
            [
                person.pk,
                person.email,
                person.display_name,
                ", ".join(r.label(get_language() or "en") for r in roles),
                team,
                state,
            ]
        )
        people.append(
            {
                "id": person.pk,
                "email": person.email,
                "name": person.display_name,
                "roles": [r.code for r in roles],
                "team": team,
                "state": state,
            }
        )
    out.table(["id", _("E-mail"), _("Name"), _("Roles"), _("Team"), _("State")], rows)
    out.result({"ok": True, "staff": people})


@command("add", into=staff)
@click.argument("email")
@click.option("--name", default="", help="Name shown to colleagues.")
@click.option("--role", "roles", multiple=True, required=True, help="Role code; may be given several times.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input; without it a link is made."
)
@click.option(
    "--address", default="http://localhost:8000", show_default=True, help="Where this installation is reached."
)
def add(out: Output, email: str, name: str, roles: tuple[str, ...], password_stdin: bool, address: str) -> None:
    """Add a member of staff, with a password or with a link to choose one."""
    if not password_stdin:
        _invite(out, email, name, roles, address)
        return
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from zhike.secure import staffing
    from zhike.secure.records import LOCAL_OPERATOR

    password = sys.stdin.readline().rstrip("\n")
    try:
        validate_password(password)
        person = staffing.add(email, name or email.partition("@")[0], roles, by=LOCAL_OPERATOR, password=password)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "weak_password") from None
    except staffing.StaffProblem as problem:
        raise _refused(problem) from None
    out.result({"ok": True, "id": person.pk, "email": person.email}, f"{person.pk}  {person.email}")


@command("invite", into=staff)
@click.argument("email")
@click.option("--name", default="", help="Name shown to colleagues.")
@click.option("--role", "roles", multiple=True, required=True, help="Role code; may be given several times.")
@click.option(
    "--address", default="http://localhost:8000", show_default=True, help="Where this installation is reached."
)
def invite(out: Output, email: str, name: str, roles: tuple[str, ...], address: str) -> None:
    """Add a member of staff and print the link with which they choose a password (seven days, once)."""
    _invite(out, email, name, roles, address)


@command("link", into=staff)
@click.argument("email")
@click.option(
    "--address", default="http://localhost:8000", show_default=True, help="Where this installation is reached."
)
def link(out: Output, email: str, address: str) -> None:
    """Print a link with which an existing member of staff chooses a new password."""
    from zhike.secure import staffing
    from zhike.secure.records import LOCAL_OPERATOR

    try:
        token = staffing.new_link(_find(email).pk, by=LOCAL_OPERATOR)
    except staffing.StaffProblem as problem:
        raise _refused(problem) from None
    _show(out, email, address, token)


@command("disable", into=staff)
@click.argument("email")
def disable(out: Output, email: str) -> None:
    """End a person's access, all sessions and links at once."""
    from zhike.secure import staffing
    from zhike.secure.records import LOCAL_OPERATOR

    try:
        staffing.disable(_find(email).pk, by=LOCAL_OPERATOR)
    except staffing.StaffProblem as problem:
        raise _refused(problem) from None
    out.result({"ok": True, "email": email}, email)


def _invite(out: Output, email: str, name: str, roles: tuple[str, ...], address: str) -> None:
    from zhike.secure import staffing
    from zhike.secure.records import LOCAL_OPERATOR

    try:
        _, token = staffing.invite(email, name or email.partition("@")[0], roles, by=LOCAL_OPERATOR)
    except staffing.StaffProblem as problem:
        raise _refused(problem) from None
    _show(out, email, address, token)


def _show(out: Output, email: str, address: str, token: str) -> None:
    from django.urls import reverse

    url = address.rstrip("/") + reverse("secure:join", args=[token])
    out.result({"ok": True, "email": email, "link": url}, url)


def _find(email: str):  # type: ignore[no-untyped-def]
    from django.utils.translation import gettext as _

    from zhike.secure.models import Staff

    person = Staff.objects.filter(email__iexact=email).first()
    if person is None:
        raise NotFound(_("There is no such person."), "staff_unknown")
    return person


def _refused(problem) -> Refused:  # type: ignore[no-untyped-def]
    from zhike.secure.words import PROBLEMS

    return Refused(str(PROBLEMS[problem.code]), problem.code)

"""What the sign-in library tells us, written to the audit."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed
from allauth.account.signals import user_logged_in as sign_in_finished
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from zhike.kit import clock
from zhike.secure import auditing, session_limits, sessions
from zhike.secure.models import Staff
from zhike.secure.records import NOBODY, Viewer


def _by(staff: Staff) -> Viewer:
    return Viewer(staff.pk, staff.display_name)


@receiver(user_logged_in)
def _signed_in(request: Any, user: Staff, **_: Any) -> None:
    with auditing.acting(request):
        ways = {record["method"] for record in get_authentication_records(request, user)}
        detail = {"way": "provider"} if "socialaccount" in ways else {}
        auditing.write("sign_in", by=_by(user), about=("staff", user.pk), detail=detail)


@receiver(sign_in_finished, dispatch_uid="zhike.session_limits")
def _begin_session(request: Any, user: Staff, **_: Any) -> None:
    session_limits.begin(request, user)


@receiver(user_logged_out)
def _signed_out(request: Any, user: Staff | None, **_: Any) -> None:
    if user is not None:
        with auditing.acting(request):
            auditing.write("sign_out", by=_by(user), about=("staff", user.pk))


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    if request is None:
        return
    staff = Staff.objects.filter(email__iexact=credentials.get("email") or "").first()
    with auditing.acting(request):
        # The typed address may be somebody's password in the wrong box: only a known account is named.
        auditing.write("sign_in_failed", by=NOBODY, about=("staff", staff.pk) if staff else None, outcome="failed")


@receiver(authentication_failed)
def _code_failed(request: Any, user: Staff, **_: Any) -> None:
    with auditing.acting(request):
        auditing.write(
            "sign_in_failed", by=NOBODY, about=("staff", user.pk), outcome="failed", detail={"step": "second_factor"}
        )


@receiver(password_changed)
def _password_changed(request: Any, user: Staff, **_: Any) -> None:
    Staff.objects.filter(pk=user.pk).update(password_changed_at=clock.now())
    with auditing.acting(request):
        auditing.write("password_changed", by=_by(user), about=("staff", user.pk))
    sessions.end_all(user, keep_key=request.session.session_key)


@receiver(authenticator_added)
def _factor_added(request: Any, user: Staff, authenticator: Any, **_: Any) -> None:
    with auditing.acting(request):
        auditing.write(
            "second_factor_added", by=_by(user), about=("staff", user.pk), detail={"type": authenticator.type}
        )


@receiver(authenticator_removed)
def _factor_removed(request: Any, user: Staff, authenticator: Any, **_: Any) -> None:
    with auditing.acting(request):
        auditing.write(
            "second_factor_removed", by=_by(user), about=("staff", user.pk), detail={"type": authenticator.type}
        )

"""Asking who sits there once more, before a step nobody else watches."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from zhike.secure import guessing
from zhike.secure.models import Staff


def confirm_person(request: HttpRequest, password: str, code: str) -> bool:
    """Whether password and, where the person has one, the second factor are right; counted as a guess like a sign-in."""
    person = request.user
    if not isinstance(person, Staff) or not guessing.claim(request, person.email):
        return False
    right = person.check_password(password) and _factor_right(person, code)
    if right:
        guessing.give_back(request, person.email)
    return right


def _factor_right(person: Staff, code: str) -> bool:
    if not is_mfa_enabled(person):
        return True
    held = Authenticator.objects.filter(
        user=person, type__in=[Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    )
    return any(each.wrap().validate_code(code.strip()) for each in held)

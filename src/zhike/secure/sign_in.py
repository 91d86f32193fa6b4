"""How staff sign in: the library's flows with our budget of guesses, our secrets sealed, and no door besides."""

import base64
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from zhike.kit import clock
from zhike.secure import guessing, single_sign_on
from zhike.secure.addresses import client_address
from zhike.secure.vault.keyring import file_key
from zhike.secure.vault.sealing import SealContext, seal, unseal

_SECRET_PLACE = SealContext("mfa_authenticator.data", "secret", "second-factor")


class StaffBackend(AuthenticationBackend):
    """Password check by e-mail. A disabled account answers exactly as an unknown one."""

    @classmethod
    def _stash_user(cls, user: AbstractBaseUser | None) -> AbstractBaseUser | None:
        # The library would tell a right password of a disabled account apart; nobody outside needs to know.
        return None


class SignInAdapter(DefaultAccountAdapter):
    """The library's hooks: no sign-up, our counters, our address rule."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff come in by invitation only."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The peer, or what a declared proxy wrote."""
        return client_address(request) or "0.0.0.0"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse to evaluate a password once the account's budget of guesses is used."""
        if not guessing.claim(request, credentials.get("email", "")):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        request = self.request
        email = request.POST.get("login", "") if request else ""
        guessing.give_back(request, email)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Remember the browser, and go on in the person's language."""
        response = super().post_login(request, user, **kwargs)
        guessing.remember_device(request, response, user.email)
        single_sign_on.keep_vouching(request)
        response.set_cookie("zhike_language", user.locale, samesite="Lax", secure=request.is_secure())
        return response

    def get_login_stages(self) -> list[str]:
        """The library's steps, with our own second factor in the place of its."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "zhike.secure.single_sign_on.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Check the password again before a delicate step; counts as a guess."""
        if not guessing.claim(self.request, user.email):
            return False
        right = user.check_password(password)
        if right:
            guessing.give_back(self.request, user.email)
        return right

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Delicate steps ask for the password again, unless it was given in the last quarter of an hour."""
        from allauth.account.internal.flows.login import get_authentication_records

        records = get_authentication_records(self.request, self.request.user)
        return not records or clock.now().timestamp() - records[-1]["at"] >= account_settings.REAUTHENTICATION_TIMEOUT

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own page."""
        from django.urls import reverse

        return reverse("secure:me")

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """No mail leaves from here: an installation needs no mail server."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say what happened themselves."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors lie sealed under a key of the keyring."""

    def encrypt(self, text: str) -> str:
        """A secret sealed, as text for a JSON column."""
        key = file_key("second-factor", make=True)
        return base64.b64encode(seal(key, _SECRET_PLACE, {"secret": text})).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret in a seal."""
        key = file_key("second-factor", make=False)
        return unseal(key, _SECRET_PLACE, base64.b64decode(encrypted_text))["secret"]

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail; the audit has the event."""

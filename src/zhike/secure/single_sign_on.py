"""Sign-in through an identity provider: staff who are here already, found by an address the provider has confirmed.

Nobody is made by signing in. The first time, a confirmed e-mail address that is exactly one of ours links the provider's
subject to the person; from then on the subject counts, whatever address it carries. Claims come from the signed ID token;
the library would trust the connection instead of the signature, so the signature is always checked here.
"""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zhike.kit import clock
from zhike.secure import auditing, policy
from zhike.secure.models import Invitation, Staff
from zhike.secure.records import NOBODY, Viewer

SECOND_FACTOR = "zhike_second_factor_at_provider"
_CLAIMS = "_zhike_provider_claims"


def app() -> dict[str, Any] | None:
    """The provider of this installation, or None."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return apps[0] if apps else None


def name() -> str:
    """What the button says; empty without a provider."""
    one = app()
    return str(one["name"]) if one else ""


def provider(request: HttpRequest) -> Any:
    """The library's provider, speaking through our adapter; None when none is set up."""
    one = app()
    if one is None:
        return None
    found = HouseAdapter(request).get_provider(request, one["provider_id"])
    found.oauth2_adapter_class = SignedClaims
    return found


def link_of(staff: Staff) -> SocialAccount | None:
    """The person's link to the present provider."""
    one = app()
    return SocialAccount.objects.filter(user=staff, provider=one["provider_id"]).first() if one else None


def unlink(staff: Staff, *, by: Viewer) -> None:
    """Take the link away; the next sign-in through the provider links anew by address."""
    with transaction.atomic():
        if SocialAccount.objects.filter(user=staff).delete()[0]:
            auditing.write("sign_on.unlinked", by=by, about=("staff", staff.pk))


def vouches(request: HttpRequest) -> bool:
    """Whether this session began with a second factor at the provider, and the house trusts that."""
    session = getattr(request, "session", {})
    return bool(settings.ZHIKE_OIDC_TRUST_MFA and session.get(SECOND_FACTOR))


def keep_vouching(request: HttpRequest) -> None:
    """Remember in the fresh session that the provider saw a second factor."""
    if _saw_second_factor(request):
        request.session[SECOND_FACTOR] = True


def refuse(request: HttpRequest, code: str, *, staff: Staff | None = None) -> HttpResponse:
    """The one answer to every refused sign-in; only the audit knows why."""
    with auditing.acting(request):
        detail = {"way": "provider", "code": code}
        about = ("staff", staff.pk) if staff else None
        auditing.write("sign_in_failed", by=NOBODY, about=about, outcome="failed", detail=detail)
    return render(request, "secure/sign_on_refused.html", {"name": name()}, status=403)


class SignedClaims(OpenIDConnectOAuth2Adapter):
    """The flow of the library, with claims from a checked signature and our one address for the way back."""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the provider sends people back to."""
        return request.build_absolute_uri(reverse("single_sign_on_callback"))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Whom the provider names. Its claims live for this request only; nothing of them is stored but the subject."""
        claims = self._claims(app, kwargs["response"].get("id_token") or "")
        if not claims.get("sub"):
            raise OAuth2Error("no subject")
        if "email" not in claims and self.openid_config.get("userinfo_endpoint"):
            told = self._fetch_user_info(token.token)
            if told.get("sub") != claims["sub"]:
                raise OAuth2Error("the user info is of another subject")
            claims |= {key: told[key] for key in ("email", "email_verified") if key in told}
        setattr(request, _CLAIMS, claims)
        login = self.get_provider().sociallogin_from_response(request, claims)
        login.account.extra_data = {}
        return login

    def _claims(self, app: Any, id_token: str) -> dict[str, Any]:
        issuer = self.openid_config["issuer"]
        if issuer.rstrip("/") != app.settings["server_url"]:
            raise OAuth2Error("the provider calls itself by another name")
        try:
            return jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=issuer,
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (KeyError, ValueError, TypeError) as fault:
            raise OAuth2Error("the ID token cannot be read") from fault


class HouseAdapter(DefaultSocialAccountAdapter):
    """The library's hooks: whom a subject may sign in as."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let pass who is linked, link who may be, refuse everybody else."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(refuse(request, "process"))
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise ImmediateHttpResponse(refuse(request, "disabled", staff=sociallogin.user))
            return
        staff, code = _found(getattr(request, _CLAIMS, {}), sociallogin.account.provider)
        if code or staff is None:
            raise ImmediateHttpResponse(refuse(request, code, staff=staff))
        _link(request, sociallogin, staff)

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, **kwargs: Any) -> None:
        """A fault of the flow: an old tab, a cancelled consent, a bad token."""
        raise ImmediateHttpResponse(refuse(request, str(getattr(error, "value", error) or "flow")))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail; the audit has the event."""


class SecondFactorStage(AuthenticateStage):
    """Our second factor after the provider's sign-in, unless the house trusts the one the provider saw."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not _saw_second_factor(request) and super()._should_handle(request)


def _saw_second_factor(request: HttpRequest) -> bool:
    methods = getattr(request, _CLAIMS, {}).get("amr")
    return bool(settings.ZHIKE_OIDC_TRUST_MFA and isinstance(methods, list) and "mfa" in methods)


def _found(claims: dict[str, Any], provider_id: str) -> tuple[Staff | None, str]:
    """The person an unlinked subject may become, and why not: (staff, code)."""
    email = claims.get("email")
    # Only a plain `true`: an absent claim, "false" or 1 confirm nothing, and anybody could name our owner's address.
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        return None, "unverified"
    staff = Staff.objects.filter(email=email.strip().casefold()).first()
    if staff is None:
        return None, "unknown"
    if not staff.is_active:
        return staff, "disabled"
    if SocialAccount.objects.filter(user=staff, provider=provider_id).exists():
        return staff, "other_subject"  # the provider gave the address to somebody else
    if staff.joined_at is None and not staff.has_usable_password() and not _open_invitations(staff).exists():
        return staff, "not_invited"
    return staff, ""


def _link(request: HttpRequest, login: SocialLogin, staff: Staff) -> None:
    by, now = Viewer(staff.pk, staff.display_name), clock.now()
    with auditing.acting(request), transaction.atomic():
        login.user = login.account.user = staff
        login.account.save()
        auditing.write("sign_on.linked", by=by, about=("staff", staff.pk))
        if staff.joined_at is None:
            Staff.objects.filter(pk=staff.pk).update(joined_at=now)
            _open_invitations(staff).update(used_at=now)
            auditing.write("staff.joined", by=by, about=("staff", staff.pk), detail={"way": "provider"})
            policy.touch()


def _open_invitations(staff: Staff) -> Any:
    return Invitation.objects.filter(staff=staff, used_at=None, revoked_at=None, expires_at__gt=clock.now())

"""The two addresses of sign-in through an identity provider: away, and back."""

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from requests import RequestException

from zhike.secure import single_sign_on
from zhike.secure.permissions import public

_FAULTS = (RequestException, OAuth2Error, KeyError, ValueError)


@public
def away(request: HttpRequest) -> HttpResponse:
    """Send the person to the provider: by a page, because our content policy lets forms lead nowhere but here."""
    provider = _provider(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        answer = provider.redirect(request, AuthProcess.LOGIN, next_url=get_next_redirect_url(request))
    except _FAULTS:
        return single_sign_on.refuse(request, "unreachable")
    page = render(request, "secure/sign_on_away.html", {"address": answer["Location"], "name": single_sign_on.name()})
    add_never_cache_headers(page)
    return page


@public
def back(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer; only one that belongs to this browser's own question counts."""
    provider = _provider(request)
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    view = OAuth2CallbackView.adapter_view(single_sign_on.SignedClaims(request, provider.app.provider_id))
    try:
        answer: HttpResponse = view(request)
    except _FAULTS:
        answer = single_sign_on.refuse(request, "unreachable")
    add_never_cache_headers(answer)
    answer["Referrer-Policy"] = "no-referrer"  # the address holds the code
    return answer


def _provider(request: HttpRequest):  # type: ignore[no-untyped-def]
    provider = single_sign_on.provider(request)
    if provider is None:
        raise Http404
    return provider

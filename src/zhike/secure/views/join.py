"""The page behind an invitation or reset link: choose a password."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from zhike.secure import invitations, tallies
from zhike.secure.addresses import client_address
from zhike.secure.auditing import acting
from zhike.secure.invitations import LinkInvalid
from zhike.secure.permissions import public


@public
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show whom the link is for and take the new password. Every unusable link gets the same answer."""
    try:
        invited = invitations.look(token)
    except LinkInvalid:
        return _answer(request, {}, 404)
    problems: list[str] = []
    if request.method == "POST":
        password = request.POST.get("password", "")
        if password != request.POST.get("again", ""):
            problems = ["unequal"]
        elif not tallies.hit(f"join:{client_address(request)}", limit=30, window_seconds=3600):
            problems = ["slow"]
        else:
            try:
                with acting(request):
                    invitations.accept(token, password)
            except ValidationError as weak:
                problems = list(weak.messages)
            except LinkInvalid:
                return _answer(request, {}, 404)
            else:
                return redirect("account_login")
    return _answer(request, {"invited": invited, "problems": problems}, 422 if problems else 200)


def _answer(request: HttpRequest, context: dict, status: int) -> HttpResponse:
    response = render(request, "secure/join.html", context, status=status)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"  # the address holds the token
    return response

"""What a program may ask about itself and about the API."""

import datetime as dt
import json
from typing import Any

from django.http import HttpResponse
from pydantic import Field

from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Strict

routes = Routes("About the API")


class MeOut(Strict):
    """The token as it works now: its scopes, and the permissions its maker holds within them."""

    name: str
    scopes: list[str]
    permissions: list[str]
    reach: str = Field(description="Whose customers: own, team or all.")
    expires_at: dt.datetime
    requests_a_minute: int


@routes.get("/me", scope="", needs="", answer=MeOut)
def get_me(request: ApiRequest) -> dict[str, Any]:
    """What this token may do."""
    token, viewer = request.caller.token, request.viewer
    return {
        "name": token.name,
        "scopes": list(token.scopes),
        "permissions": sorted(viewer.permissions),
        "reach": viewer.scope,
        "expires_at": token.expires_at,
        "requests_a_minute": token.requests_a_minute,
    }


@routes.get("/openapi.json", scope="", needs="", answer=dict[str, Any])
def get_document(request: ApiRequest) -> HttpResponse:
    """This document. It names every field there is, so it asks for a token like everything else."""
    from zhike.api.assembly import document

    return HttpResponse(json.dumps(document(), ensure_ascii=False), content_type="application/json")

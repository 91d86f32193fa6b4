"""Addresses of the pages about the API; the API itself is put together in config."""

from django.urls import path

from zhike.api import views

app_name = "api"
urlpatterns = [
    path("security/api/", views.tokens, name="tokens"),
    path("security/api/make/", views.make, name="make"),
    path("security/api/reference/", views.reference, name="reference"),
    path("security/api/reference/openapi.json", views.document, name="document"),
    path("security/api/<str:public_id>/revoke/", views.revoke, name="revoke"),
]

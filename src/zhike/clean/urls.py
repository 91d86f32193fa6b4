"""Addresses of the pages that keep files clean, part by part."""

from django.urls import path

from zhike.clean.views import duplicates

app_name = "clean"
urlpatterns = [
    path("clean/duplicates/", duplicates.duplicates, name="duplicates"),
]

"""Addresses of the pages that keep files clean, part by part."""

from django.urls import path

from zhike.clean.views import duplicates, quality

app_name = "clean"
urlpatterns = [
    path("clean/duplicates/", duplicates.duplicates, name="duplicates"),
    path("clean/quality/", quality.quality, name="quality"),
    path("clean/quality/running/", quality.running, name="quality_running"),
    path("clean/quality/measure/", quality.measure, name="quality_measure"),
    path("clean/quality/rules/", quality.rules, name="quality_rules"),
    path("clean/quality/rules/new/", quality.new_rule, name="quality_rule_new"),
    path("clean/quality/rules/<str:rule>/", quality.change, name="quality_rule"),
    path("clean/quality/<str:public_id>/<str:field>/<slug:dimension>/", quality.behind, name="quality_behind"),
]

"""Addresses of the pages that keep files clean, part by part."""

from django.urls import path

from zhike.clean.views import duplicates, quality, verification, verification_rules

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
    path("clean/verification/", verification_rules.overview, name="verification"),
    path("clean/verification/next/", verification.next_one, name="verify_next"),
    path("clean/verification/accuracy/", verification_rules.accuracy, name="accuracy"),
    path("clean/verification/accuracy/<slug:which>/<int:number>/", verification_rules.behind, name="accuracy_behind"),
    path("clean/verification/accuracy/<int:source_id>/trust/", verification_rules.trust, name="trust"),
    path("clean/verification/rules/", verification_rules.set_rule, name="verification_rules"),
    path("clean/verification/rules/draw/", verification_rules.draw, name="draw_verifications"),
    path("clean/verification/rules/<int:rule_id>/remove/", verification_rules.remove, name="remove_rule"),
    path("clean/verification/task/<str:task_id>/", verification.of_task, name="verify_task"),
    path("clean/verification/found/<int:verification_id>/withdraw/", verification.withdraw, name="withdraw_found"),
    path("clean/verification/<str:customer_id>/<str:field>/", verification.verify, name="verify"),
]

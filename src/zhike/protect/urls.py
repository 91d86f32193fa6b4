from django.urls import path

from zhike.protect.views import backups, keeping, supervision

app_name = "protect"
urlpatterns = [
    path("protect/backups/", backups.index, name="backups"),
    path("protect/backups/run/", backups.run, name="backups_run"),
    path("protect/backups/keyring/", backups.keyring, name="backups_keyring"),
    path("protect/backups/drill/", backups.drill, name="backups_drill"),
    path("security/keeping/", keeping.index, name="keeping"),
    path("security/keeping/holds/", keeping.hold, name="keeping_hold"),
    path("security/keeping/holds/<int:hold_id>/end/", keeping.end_hold, name="keeping_end_hold"),
    path("security/keeping/<slug:kept_class>/period/", keeping.period, name="keeping_period"),
    path("security/keeping/<slug:kept_class>/preview/", keeping.preview, name="keeping_preview"),
    path("security/keeping/runs/<str:public_id>/", keeping.run, name="keeping_run"),
    path("security/supervision/", supervision.index, name="supervision"),
    path("security/supervision/rules/", supervision.set_rules, name="supervision_rules"),
    path("security/supervision/draw/", supervision.draw, name="supervision_draw"),
    path("security/supervision/<str:review_id>/", supervision.review, name="supervision_review"),
    path("security/supervision/<str:review_id>/answer/", supervision.answer, name="supervision_answer"),
]

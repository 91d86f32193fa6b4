"""Addresses of `reach`."""

from django.urls import path

from zhike.reach.views import outbox, settings, stop, templates

app_name = "reach"
urlpatterns = [
    path("reach/", outbox.outbox, name="outbox"),
    path("reach/messages/<str:public_id>/", outbox.message, name="message"),
    path("reach/messages/<str:public_id>/act/", outbox.act, name="act"),
    path("reach/new/<str:customer>/", outbox.new, name="new"),
    path("reach/templates/", templates.index, name="templates"),
    path("reach/templates/new/", templates.new, name="template_new"),
    path("reach/templates/<str:public_id>/", templates.one, name="template"),
    path("reach/templates/<str:public_id>/edit/", templates.edit, name="template_edit"),
    path("reach/templates/<str:public_id>/archive/", templates.archive, name="template_archive"),
    path("reach/suppressed/", settings.suppressed, name="suppressed"),
    path("reach/suppressed/add/", settings.suppress, name="suppress"),
    path("reach/suppressed/<int:entry_id>/lift/", settings.lift, name="lift"),
    path("reach/settings/", settings.sending, name="settings"),
    path("reach/settings/test/", settings.test, name="test"),
    path("stop/<str:token>/", stop.stop, name="stop"),
]

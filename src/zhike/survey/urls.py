"""Addresses of surveys."""

from django.urls import path

from zhike.survey import views

app_name = "survey"
urlpatterns = [
    path("surveys/", views.questionnaires, name="questionnaires"),
    path("surveys/new/", views.new, name="new"),
    path("surveys/<str:public_id>/", views.questionnaire, name="questionnaire"),
    path("surveys/<str:public_id>/questions/<str:code>/", views.question, name="question"),
    path("surveys/<str:public_id>/template/", views.template, name="template"),
    path("surveys/<str:public_id>/answers/", views.bring_in, name="bring_in"),
    path("surveys/answers/<str:run>/<slug:what>/", views.decide, name="decide"),
]

"""Addresses of the tasks."""

from django.urls import path

from zhike.work import views

app_name = "work"
urlpatterns = [
    path("work/", views.tasks, name="tasks"),
    path("work/new/", views.new, name="new"),
    path("work/many/", views.many, name="many"),
    path("work/<str:public_id>/", views.task, name="task"),
    path("work/<str:public_id>/close/", views.close, name="close"),
    path("work/<str:public_id>/give/", views.give, name="give"),
    path("work/<str:public_id>/put-off/", views.put_off, name="put_off"),
]

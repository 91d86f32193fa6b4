"""Addresses of the kit: health for machines, jobs for people."""

from django.urls import path

from zhike.kit import views

app_name = "kit"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/ready/", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/list/", views.jobs_list, name="jobs_list"),
    path("jobs/running/", views.jobs_running, name="jobs_running"),
    path("jobs/<int:job_id>/progress/", views.job_progress, name="job_progress"),
    path("jobs/<int:job_id>/<slug:act>/", views.steer, name="steer"),
]

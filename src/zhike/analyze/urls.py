"""Addresses of the analyses."""

from django.urls import path

from zhike.analyze.views import lists, rfm, runs

app_name = "analyze"
urlpatterns = [
    path("insight/rfm/", rfm.rfm, name="rfm"),
    path("insight/rfm/moved/<slug:before>/<slug:after>/", rfm.moved, name="moved"),
    path("insight/rfm/<str:public_id>/", rfm.rfm, name="rfm_of_run"),
    path("insight/rfm/<str:public_id>/download/", rfm.download, name="download"),
    path("insight/runs/", runs.runs, name="runs"),
    path("insight/runs/new/", runs.new, name="new_run"),
    path("insight/runs/<str:public_id>/progress/", runs.progress, name="progress"),
    path("insight/lists/", lists.lists, name="lists"),
    path("insight/lists/<slug:kind>/", lists.lists, name="list"),
    path("insight/lists/<slug:kind>/<str:task_id>/", lists.outcome, name="outcome"),
]

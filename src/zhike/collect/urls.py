"""Addresses of the collect pages."""

from django.urls import path

from zhike.collect.views import imports, mappings, projects, reports, sources

app_name = "collect"
urlpatterns = [
    path("collect/", imports.home, name="home"),
    path("collect/imports/", imports.imports, name="imports"),
    path("collect/imports/new/", imports.new, name="new"),
    path("collect/imports/<str:public_id>/", imports.show, name="import"),
    path("collect/imports/<str:public_id>/describe/", imports.describe, name="describe"),
    path("collect/imports/<str:public_id>/start/", imports.start, name="start"),
    path("collect/imports/<str:public_id>/pause/", imports.pause, name="pause"),
    path("collect/imports/<str:public_id>/resume/", imports.resume, name="resume"),
    path("collect/imports/<str:public_id>/undo/", imports.undo, name="undo"),
    path("collect/imports/<str:public_id>/rejects.csv", imports.rejects, name="rejects"),
    path("collect/imports/<str:public_id>/mapping/", mappings.mapping, name="mapping"),
    path("collect/mappings/", mappings.saved, name="mappings"),
    path("collect/mappings/<str:public_id>.yaml", mappings.download, name="mapping_file"),
    path("collect/mappings/<str:public_id>/delete/", mappings.delete, name="mapping_delete"),
    path("collect/migrations/", projects.migrations, name="migrations"),
    path("collect/migrations/new/", projects.new, name="migration_new"),
    path("collect/migrations/<str:public_id>/", projects.migration, name="migration"),
    path("collect/migrations/<str:public_id>/figures/", projects.expect, name="migration_expect"),
    path("collect/migrations/<str:public_id>/sign/", projects.sign, name="migration_sign"),
    path("collect/report/", reports.report, name="report"),
    path("collect/report/count/", reports.count, name="count"),
    path("collect/sources/<str:public_id>/hours/", reports.work, name="source_work"),
    path("collect/sources/", sources.sources, name="sources"),
    path("collect/sources/new/", sources.new, name="source_new"),
    path("collect/sources/<str:public_id>/", sources.edit, name="source"),
    path("collect/sources/<str:public_id>/archive/", sources.archive, name="source_archive"),
    path("collect/sources/<str:public_id>/costs/", sources.cost, name="source_cost"),
    path("collect/sources/<str:public_id>/incentives/", sources.incentive, name="source_incentive"),
]

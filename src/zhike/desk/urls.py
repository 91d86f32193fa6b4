"""Addresses of the desk."""

from django.urls import path

from zhike.desk.demo import views as demo
from zhike.desk.views import (
    adding,
    attached,
    bulk,
    edit,
    exports,
    file,
    home,
    linked,
    register,
    reveal,
    search,
    settings,
)
from zhike.kit.views import jobs_running

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("running/", jobs_running, name="jobs_running"),
    path("settings/", settings.settings, name="settings"),
    path("settings/demo/", demo.demo, name="demo"),
    path("settings/demo/load/", demo.load, name="demo_load"),
    path("settings/demo/accounts/", demo.show_accounts, name="demo_accounts"),
    path("settings/demo/remove/", demo.remove, name="demo_remove"),
    path("customers/", register.register, name="register"),
    path("customers/find/", register.find, name="find"),
    path("customers/without-orders/", register.without_orders, name="without_orders"),
    path("customers/filters/", register.filters, name="filters"),
    path("customers/columns/", register.columns, name="columns"),
    path("customers/views/", register.save, name="save_view"),
    path("customers/views/<str:public_id>/remove/", register.remove, name="remove_view"),
    path("customers/bulk/", bulk.start, name="bulk"),
    path("customers/bulk/<str:public_id>/", bulk.progress, name="bulk_progress"),
    path("customers/bulk/<str:public_id>/undo/", bulk.undo, name="bulk_undo"),
    path("customers/new/", adding.new, name="new"),
    path("settings/numbering/", adding.numbering, name="numbering"),
    path("customers/<str:public_id>/", file.file, name="file"),
    path("customers/<str:public_id>/links/", linked.link, name="link"),
    path("customers/<str:public_id>/links/<int:relation_id>/end/", linked.unlink, name="unlink"),
    path("customers/<str:public_id>/files/", attached.attach, name="attach"),
    path("customers/<str:public_id>/files/<str:file_id>/", attached.download, name="attachment"),
    path("customers/<str:public_id>/files/<str:file_id>/remove/", attached.remove, name="attachment_remove"),
    path("customers/<str:public_id>/timeline/", file.timeline, name="timeline"),
    path("customers/<str:public_id>/why/<str:field>/", file.why, name="why"),
    path("customers/<str:public_id>/reveal/<str:field>/", reveal.customer, name="reveal"),
    path(
        "customers/<str:public_id>/contacts/<int:contact_id>/reveal/<slug:name>/", reveal.cutting, name="reveal_cutting"
    ),
    path("customers/<str:public_id>/edit/<str:field>/", edit.field, name="edit"),
    path("customers/<str:public_id>/row/<str:field>/", edit.row, name="field_row"),
    path("customers/<str:public_id>/undo/<int:version_id>/", edit.undo, name="undo_edit"),
    path("customers/<str:public_id>/contacts/", edit.contact, name="contact"),
    path("customers/<str:public_id>/tags/", edit.tag, name="tag"),
    path("customers/<str:public_id>/owner/", edit.owner, name="owner"),
    path("customers/<str:public_id>/tasks/<str:task_id>/", edit.outcome, name="outcome"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<str:public_id>/", exports.download, name="download"),
]

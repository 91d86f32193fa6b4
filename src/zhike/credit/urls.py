"""Addresses of enterprise figures and credit."""

from django.urls import path

from zhike.credit.views import enterprises, finance, imports, reports, rules, standing

app_name = "credit"
urlpatterns = [
    path("insight/enterprises/", enterprises.enterprises, name="enterprises"),
    path("insight/enterprises/download/", enterprises.download, name="enterprises_download"),
    path("insight/enterprises/import/", imports.bring, name="statements_import"),
    path("insight/enterprises/import/template/", imports.template, name="statements_template"),
    path("insight/credit/", reports.reports, name="reports"),
    path("insight/credit/rules/", rules.rules, name="rules"),
    path("insight/credit/<str:public_id>/", reports.one, name="report"),
    path("insight/credit/<str:public_id>/edit/", reports.edit, name="report_edit"),
    path("insight/credit/<str:public_id>/<slug:what>/", reports.act, name="report_act"),
    path("customers/<str:customer>/finance/", finance.finance, name="finance"),
    path("customers/<str:customer>/finance/new/", finance.new, name="statement_new"),
    path("customers/<str:customer>/finance/<str:public_id>/edit/", finance.edit, name="statement_edit"),
    path("customers/<str:customer>/finance/<str:public_id>/remove/", finance.remove, name="statement_remove"),
    path("customers/<str:customer>/credit/", standing.standing, name="standing"),
    path("customers/<str:customer>/credit/invoice/", standing.invoice, name="invoice"),
    path("customers/<str:customer>/credit/new/", reports.new, name="report_new"),
]

"""Addresses of the shop."""

from django.urls import path

from zhike.shop import catalogue_views, contract_views, views

app_name = "shop"
urlpatterns = [
    path("shop/products/", catalogue_views.products, name="products"),
    path("shop/cases/", catalogue_views.cases, name="cases"),
    path("shop/contracts/", contract_views.index, name="contracts"),
    path("shop/contracts/new/<str:customer>/", contract_views.new, name="contract_new"),
    path("shop/contracts/<str:public_id>/", contract_views.one, name="contract"),
    path("shop/contracts/<str:public_id>/edit/", contract_views.edit, name="contract_edit"),
    path("shop/contracts/<str:public_id>/<slug:what>/", contract_views.act, name="contract_act"),
    path("shop/orders/", views.orders, name="orders"),
    path("shop/orders/without-customer/", views.without_customer, name="without_customer"),
    path("shop/orders/<str:public_id>/", views.order, name="order"),
    path("shop/orders/<str:public_id>/reveal/<slug:field>/", views.reveal, name="reveal"),
]

"""Addresses of the shop."""

from django.urls import path

from zhike.shop import views

app_name = "shop"
urlpatterns = [
    path("shop/orders/", views.orders, name="orders"),
    path("shop/orders/without-customer/", views.without_customer, name="without_customer"),
    path("shop/orders/<str:public_id>/", views.order, name="order"),
    path("shop/orders/<str:public_id>/reveal/<slug:field>/", views.reveal, name="reveal"),
]

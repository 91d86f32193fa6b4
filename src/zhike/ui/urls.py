from django.urls import path

from zhike.ui import views

app_name = "ui"
urlpatterns = [
    path("ui/language/", views.language, name="language"),
    path("ui/appearance/", views.appearance, name="appearance"),
]

from django.urls import path

from zhike.protect.views import backups

app_name = "protect"
urlpatterns = [
    path("protect/backups/", backups.index, name="backups"),
    path("protect/backups/run/", backups.run, name="backups_run"),
    path("protect/backups/keyring/", backups.keyring, name="backups_keyring"),
    path("protect/backups/drill/", backups.drill, name="backups_drill"),
]

"""How the shop sends: the server, the sender, hours and caps. One row."""

from django.db import models


class MailSettings(models.Model):
    """Row 1. The password lies sealed under a key of its own and never moves house."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=False)
    channel = models.CharField(max_length=16, default="simulator")
    host = models.CharField(max_length=253, blank=True)
    port = models.IntegerField(default=587)
    security = models.CharField(max_length=10, default="starttls")  # tls, starttls, none
    username = models.CharField(max_length=200, blank=True)
    password = models.BinaryField(null=True)
    sender_name = models.CharField(max_length=80, blank=True)
    sender_address = models.CharField(max_length=200, blank=True)
    reply_to = models.CharField(max_length=200, blank=True)
    public_url = models.CharField(max_length=200, blank=True)  # where customers reach the page that stops messages
    quiet_from = models.CharField(max_length=5, default="21:00")
    quiet_until = models.CharField(max_length=5, default="08:00")
    quiet_for_service = models.BooleanField(default=False)
    caps = models.JSONField(default=dict)  # {purpose: [messages, days]}
    changed_at = models.DateTimeField(null=True)
    by_staff_id = models.BigIntegerField(null=True)

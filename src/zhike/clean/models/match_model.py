"""MatchModel 匹配模型: what a search has learned from the merchant's own base, version by version."""

from django.db import models


class MatchModel(models.Model):
    """Parameters of likeness: numbers and codes, no value of anybody. A new version never changes an old one."""

    id = models.BigAutoField(primary_key=True)  # its number as shown
    trained_at = models.DateTimeField()
    is_fallback = models.BooleanField(default=False)  # the base was too small to learn from
    records_count = models.BigIntegerField(default=0)  # customers it learned from
    parameters = models.JSONField()  # zhike_analytics.linkage.parameters.Parameters.to_json
    sessions = models.JSONField(default=dict)  # training session → pairs it learned from
    reviewed = models.JSONField(
        default=list
    )  # decisions of people by weight when it was trained: how right the one before was

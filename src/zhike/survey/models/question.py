"""Question: one thing asked, with its three classes, its factor and the scale whose values belong to this version."""

from django.db import models

from zhike.kit.rowid import RowId


class Question(models.Model):
    """`role`: item, importance, expectation, rival (a second rating of the item `about`), recommend, effort, wallet, switching,
    price. `heading` names its column in files of answers."""

    id = RowId(primary_key=True)
    questionnaire_id = models.BigIntegerField()
    place = models.IntegerField()
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=400)
    heading = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=12, default="item")
    about = models.CharField(max_length=40, blank=True)
    latent = models.CharField(max_length=16, blank=True)
    need_class = models.CharField(max_length=12, blank=True)  # material, spiritual, social
    object_class = models.CharField(max_length=12, blank=True)  # marketing, enterprise, goods
    content_class = models.CharField(max_length=12, blank=True)  # idea, behavior, look, product, service
    factor = models.CharField(max_length=12, blank=True)
    scale = models.CharField(max_length=16)
    scale_values = models.JSONField(default=list)
    scale_labels = models.JSONField(default=list)
    weight = models.FloatField(null=True)  # where weights are given by hand

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire_id", "code"], name="one_question_of_a_code"),
            models.UniqueConstraint(fields=["questionnaire_id", "place"], name="one_question_in_a_place"),
        ]

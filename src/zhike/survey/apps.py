from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveyConfig(AppConfig):
    name = "zhike.survey"
    label = "survey"

    def ready(self) -> None:
        """Say what surveys audit and forget, and announce their pages."""
        from zhike.secure import audit_actions, subjects
        from zhike.survey.actions.erasure import forget_who_answered
        from zhike.ui.frame import nav_item

        subjects.on_erase("customer", forget_who_answered)
        audit_actions.register_object("questionnaire", _("Questionnaire"))
        audit_actions.register_object("answer_run", _("File of answers"))
        audit_actions.register("questionnaire.added", _("Questionnaire begun"))
        audit_actions.register("questionnaire.changed", _("Questionnaire changed"))
        audit_actions.register("answers.checked", _("File of answers checked"))
        audit_actions.register("answers.recorded", _("Answers recorded"))
        audit_actions.register("answers.undone", _("Answers undone"))
        nav_item(
            "surveys",
            "Surveys",
            "clipboard-list",
            "survey:questionnaires",
            "analyze.view",
            62,
            keywords="wenjuan diaocha",
        )

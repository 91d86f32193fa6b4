"""The words of questionnaires: methods, roles, classes, factors, latent variables."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, Promise]

METHODS: Words = {
    "simple": _("Simple: a few questions, means and shares"),
    "structural": _("Structural equation model"),
    "regression": _("Linear regression"),
    "double": _("Double rating: satisfaction and importance"),
    "double_improved": _("Improved double rating: importance given away, performance against the best rival"),
}
ROLES: Words = {
    "item": _("Satisfaction"),
    "importance": _("Importance of an item"),
    "expectation": _("Expectation of an item"),
    "rival": _("The best rival on an item"),
    "recommend": _("Would recommend (0–10)"),
    "effort": _("Was made easy (1–7)"),
    "wallet": _("Share of the need bought here (%)"),
    "switching": _("What leaving would cost"),
    "price": _("Would stay if prices rose"),
}
SECOND_RATINGS = ("importance", "expectation", "rival")
LATENTS: Words = {
    "image": _("Image"),
    "expectations": _("Expectations"),
    "quality": _("Perceived quality"),
    "value": _("Perceived value"),
    "satisfaction": pgettext_lazy("latent variable", "Satisfaction"),
    "complaints": _("Complaints"),
    "loyalty": _("Loyalty"),
    "site": _("Site"),
    "goods": pgettext_lazy("latent variable", "Goods"),
    "service": pgettext_lazy("latent variable", "Delivery and service"),
}
NEEDS: Words = {"material": _("Material"), "spiritual": _("Spiritual"), "social": _("Social")}
OBJECTS: Words = {
    "marketing": _("Marketing system"),
    "enterprise": pgettext_lazy("object of satisfaction", "Enterprise"),
    "goods": pgettext_lazy("object of satisfaction", "Goods"),
}
CONTENTS: Words = {
    "idea": _("Idea"),
    "behavior": pgettext_lazy("content of satisfaction", "Behavior"),
    "look": _("Look and sound"),
    "product": pgettext_lazy("content of satisfaction", "Product"),
    "service": pgettext_lazy("content of satisfaction", "Service"),
}
FACTORS: Words = {
    "expectation": _("Customer expectation"),
    "perception": _("Customer perception"),
    "core": _("Core product and service"),
    "price": pgettext_lazy("factor", "Price"),
    "emotion": _("Emotion"),
    "support": _("Service and system support"),
    "image": _("Company image"),
}
WEIGHTINGS: Words = {
    "equal": _("All alike"),
    "given": _("Given by hand"),
    "judged": _("By comparison in pairs (AHP)"),
    "entropy": _("By what differs most (entropy)"),
    "derived": _("By what moves satisfaction (derived)"),
}
MODELS: Words = {
    "": _("No model"),
    "acsi": _("American index (ACSI)"),
    "ecsi": _("European index (ECSI)"),
    "ccsi": _("Chinese index (CCSI)"),
    "e_commerce": _("E-commerce model"),
}
PILOTS: Words = {
    "open": _("Not yet held"),
    "closed": _("Held, questionnaire settled"),
    "waived": _("Waived, with a reason"),
}
RUN_STATES: Words = {
    "checked": _("Checked, does not count yet"),
    "recorded": _("Counted in"),
    "undone": _("Undone"),
}

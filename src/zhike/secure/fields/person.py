"""Fields of persons: the individual file 个人客户档案 with family, career, attitude and behavior."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from zhike.secure.fields import choices
from zhike.secure.fields.field import stated

_person = partial(stated, about="person")
_family = partial(_person, group="family", cls="personal")
_career = partial(_person, group="career", cls="personal")
_personality = partial(_person, group="personality", cls="internal")
_life = partial(_person, group="life", cls="personal")
_education = partial(_person, group="education", cls="personal")
# Attitudes to brands, quality, price, environment, promises. Never religion or politics.
_belief = partial(_person, group="beliefs", cls="internal", kind="choice", choices=choices.SCALE)
_motive = partial(_person, group="motives", cls="internal")
_bought = partial(_person, group="bought", cls="internal", kind="list")
_way = partial(_person, group="ways", cls="internal")

FIELDS = (
    _family("marital_status", _("Marital status"), kind="choice", choices=choices.MARITAL),
    _family("household_decider", _("Who decides at home"), kind="choice", choices=choices.DECIDERS),
    _family("buys_for", _("Buys for"), kind="many", choices=choices.BUYS_FOR),
    _family("family_members", _("Family members (name, relation, birthday)"), cls="sensitive", kind="long"),
    _family("children_ages", _("Children by age"), cls="sensitive", kind="many", choices=choices.CHILD_AGES),
    _family("family_situation", _("Family situation"), kind="long", weight=0),
    _career("position", _("Position")),
    _career("industry", _("Industry"), about="person+organisation", cls="internal", kind="list", weight=2),
    _career("work_years", _("Years of work"), kind="number"),
    _career("income_band", _("Income band"), kind="choice", choices=choices.INCOMES),
    _career("ability", _("Ability"), kind="list", weight=0),
    _career("experience", _("Experience"), kind="long"),
    _career("work_situation", _("Work situation"), kind="long", weight=0),
    _career("business_background", _("Business background"), kind="long", weight=0),
    _personality("character", _("Character"), kind="many", choices=choices.CHARACTERS, weight=2),
    _personality("deciding_way", _("Way of deciding"), kind="choice", choices=choices.DECIDING_WAYS),
    _personality("talking_way", _("Way of talking"), kind="many", choices=choices.TALKING_WAYS),
    _life("interests", _("Interests"), kind="list", weight=2),
    _life("hobbies", _("Hobbies"), kind="list"),
    _life("special_interests", _("Special interests"), kind="list"),
    _life("living_habits", _("Living habits"), kind="long", weight=0),
    _life("personal_life", _("Personal life"), kind="long", weight=0),
    _education("education_level", _("Level of education"), kind="choice", choices=choices.EDUCATION, weight=2),
    _education("school", _("School")),
    _education("field_of_study", _("Field of study")),
    _education("graduation_year", _("Year of graduation"), kind="number", weight=0),
    _belief("brand_attitude", _("Attitude to brands")),
    _belief("quality_attitude", _("Attitude to quality")),
    _belief("price_attitude", _("Attitude to price")),
    _belief("environment_attitude", _("Attitude to the environment")),
    _belief("promise_attitude", _("Attitude to after-sale promises")),
    _motive("need", _("Need in own words"), kind="long", weight=2),
    _motive("occasion", _("Occasion"), kind="list"),
    _motive("latent_need", _("Latent need"), kind="long"),
    _motive("shopping_psychology", _("Shopping psychology (a guess)"), kind="many", choices=choices.PSYCHOLOGY, weight=2),
    _bought("liked_categories", _("Categories liked")),
    _bought("liked_brands", _("Brands preferred")),
    _bought("liked_materials", _("Materials liked"), weight=0),
    _bought("liked_styles", _("Styles liked"), weight=0),
    _bought("liked_matching", _("Matching liked"), weight=0),
    _bought("liked_colors", _("Colors liked"), weight=0),
    _bought("liked_designers", _("Designers liked"), weight=0),
    _way("usual_shop", _("Usual shop"), kind="list", weight=0),
    _way("buying_channel", _("Channel of buying"), kind="many", choices=choices.BUYING_CHANNELS),
    _way("buying_device", _("Device"), kind="many", choices=choices.DEVICES, weight=0),
    _way("payment_preference", _("Preferred payment"), kind="many", choices=choices.PAYMENTS),
    _way("delivery_preference", _("Preferred delivery"), kind="many", choices=choices.DELIVERIES),
    _way("first_order_source", _("Source of the first order"), weight=0),
)  # fmt: skip

"""The values of fields with a fixed choice: codes in the database, words here."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from zhike.secure.fields.field import Choices

YES_NO: Choices = (("yes", _("Yes")), ("no", _("No")))
SEXES: Choices = (("male", _("Male")), ("female", _("Female")))
CHANNELS: Choices = (
    ("phone", _("Phone")),
    ("sms", _("Short message")),
    ("wechat", _("WeChat")),
    ("email", _("E-mail")),
    ("shop_chat", _("Shop chat")),
    ("visit", _("Visit in person")),
    ("letter", _("Letter")),
)
HOURS: Choices = (
    ("morning", _("Morning")),
    ("noon", _("Noon")),
    ("afternoon", _("Afternoon")),
    ("evening", _("Evening")),
    ("weekend", _("Weekend")),
)
RELATION_TIMES: Choices = (("past", _("Past")), ("present", _("Present")), ("future", _("Future")))
ROUTES: Choices = (("direct", _("Direct")), ("indirect", _("Indirect, through a dealer")))
SIDES: Choices = (
    ("external", _("External")),
    ("internal_staff", _("Internal: staff")),
    ("internal_department", _("Internal: department")),
    ("shareholder", _("Internal: shareholder")),
)
VISIBILITIES: Choices = (
    ("manifest", _("Manifest: can pay, needs the goods, knows the way")),
    ("hidden", _("Hidden: no budget, need or way yet")),
)
LIFE_CYCLES: Choices = (
    ("potential", _p("life cycle", "Potential")),
    ("new", _p("life cycle", "New")),
    ("satisfied", _p("life cycle", "Satisfied")),
    ("kept", _p("life cycle", "Kept")),
    ("long_standing", _p("life cycle", "Long-standing")),
)
INTENTIONS: Choices = (("strong", _("Strong")), ("weak", _("Weak")), ("none", _p("intention", "None")))
MARITAL: Choices = (
    ("single", _("Single")),
    ("married", _("Married")),
    ("divorced", _("Divorced")),
    ("widowed", _("Widowed")),
)
DECIDERS: Choices = (
    ("self", _p("who decides", "Self")),
    ("partner", _("Partner")),
    ("together", _p("who decides", "Together")),
    ("parents", _("Parents")),
    ("children", _("Children")),
)
BUYS_FOR: Choices = (
    ("self", _p("buys for", "Self")),
    ("partner", _("Partner")),
    ("children", _("Children")),
    ("parents", _("Parents")),
    ("friends", _("Friends")),
    ("company", _p("buys for", "Company")),
    ("gifts", _("Gifts")),
)
CHILD_AGES: Choices = (
    ("0_2", _("0 to 2 years")),
    ("3_6", _("3 to 6 years")),
    ("7_12", _("7 to 12 years")),
    ("13_17", _("13 to 17 years")),
    ("grown", _("Grown up")),
)
INCOMES: Choices = (
    ("to_5", _("Below 5,000 a month")),
    ("to_10", _("5,000 to 10,000 a month")),
    ("to_20", _("10,000 to 20,000 a month")),
    ("to_50", _("20,000 to 50,000 a month")),
    ("over_50", _("Above 50,000 a month")),
)
CHARACTERS: Choices = (
    ("outgoing", _("Outgoing")),
    ("quiet", _("Quiet")),
    ("careful", _("Careful")),
    ("quick", _("Quick")),
    ("patient", _("Patient")),
    ("exacting", _("Exacting")),
    ("warm", _("Warm")),
    ("independent", _("Independent")),
)
DECIDING_WAYS: Choices = (
    ("quick", _("Decides quickly")),
    ("compares", _("Compares at length")),
    ("asks", _("Asks others first")),
    ("habit", _("By habit")),
)
TALKING_WAYS: Choices = (
    ("brief", _("Brief")),
    ("at_length", _("At length")),
    ("formal", _("Formal")),
    ("informal", _("Informal")),
)
EDUCATION: Choices = (
    ("middle_school", _("Middle school or below")),
    ("high_school", _("High school")),
    ("college", _("Junior college")),
    ("bachelor", _("Bachelor")),
    ("master", _("Master")),
    ("doctor", _("Doctor")),
)
SCALE: Choices = (
    ("1", _("1, unimportant")),
    ("2", _("2, little")),
    ("3", _("3, somewhat")),
    ("4", _("4, important")),
    ("5", _("5, decisive")),
)
POWERS: Choices = (("strong", _("Strong means")), ("weak", _("Weak means")), ("none", _("No means for now")))
PSYCHOLOGY: Choices = (
    ("utility", _("Utility")),
    ("brand", _("Brand")),
    ("beauty", _("Beauty")),
    ("novelty", _("Novelty")),
    ("following", _("Following others")),
    ("bargain", _("Bargain")),
)
BUYING_CHANNELS: Choices = (
    ("platform", _("Shop platform")),
    ("own_site", _("Own web shop")),
    ("mini_program", _("Mini program")),
    ("live", _("Live stream")),
    ("store", _("Store")),
    ("group", _("Group purchase")),
)
DEVICES: Choices = (("mobile", _("Mobile phone")), ("computer", _("Computer")), ("tablet", _("Tablet")))
PAYMENTS: Choices = (
    ("alipay", _("Alipay")),
    ("wechat_pay", _("WeChat Pay")),
    ("card", _("Bank card")),
    ("instalments", _("Instalments")),
    ("on_delivery", _("Cash on delivery")),
    ("transfer", _("Bank transfer")),
)
DELIVERIES: Choices = (
    ("to_door", _("To the door")),
    ("pick_up_point", _("Pick-up point")),
    ("at_work", _("To the workplace")),
    ("workdays", _("On workdays")),
    ("days_off", _("On days off")),
    ("quiet_package", _("Plain packaging")),
)
LEGAL_FORMS: Choices = (
    ("limited", _("Limited company")),
    ("joint_stock", _("Joint-stock company")),
    ("partnership", _("Partnership")),
    ("sole", _("Sole proprietorship")),
    ("self_employed", _("Self-employed business")),
    ("institution", _("Public institution")),
    ("association", _("Association")),
    ("foreign", _("Foreign company")),
)
DEALER_OR_USER: Choices = (("dealer", _("Dealer")), ("end_user", _("End user")), ("both", _("Both")))
ATTENTION: Choices = (("close", _("Closely")), ("some", _("To some degree")), ("little", _("Hardly")))

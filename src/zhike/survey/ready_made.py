"""Ready-made questionnaires to begin with, in both languages: what is kept is the text in the language of whoever begins."""

from dataclasses import replace

from zhike.survey.records import QuestionFacts
from zhike_analytics.satisfaction.scales import SCALES

# code, latent variable, Chinese, English, need, object, content, factor
_SHOP = (
    ("expectations_1", "expectations", "购买前，您对本店总体质量的期望", "Before buying: your expectation of this shop as a whole", "spiritual", "enterprise", "idea", "expectation"),
    ("expectations_2", "expectations", "购买前，您认为本店满足您需要的程度", "Before buying: how far you thought we would meet your needs", "spiritual", "enterprise", "idea", "expectation"),
    ("site_1", "site", "网页清楚、商品好找", "Pages are clear, goods easy to find", "material", "marketing", "look", "support"),
    ("site_2", "site", "下单与付款顺畅、安全", "Ordering and paying run smoothly and safely", "material", "marketing", "service", "support"),
    ("goods_1", "goods", "商品质量", "Quality of the goods", "material", "goods", "product", "core"),
    ("goods_2", "goods", "商品与描述相符", "Goods are as described", "material", "goods", "product", "core"),
    ("service_1", "service", "发货与配送速度", "Speed of dispatch and delivery", "material", "marketing", "service", "core"),
    ("service_2", "service", "客服专业、态度好", "Service people are expert and kind", "spiritual", "marketing", "behavior", "emotion"),
    ("service_3", "service", "售后问题得到解决", "Problems after the sale are solved", "material", "marketing", "service", "support"),
    ("value_1", "value", "以这样的价格，质量值不值", "Quality for this price", "material", "goods", "product", "price"),
    ("value_2", "value", "以这样的质量，价格贵不贵", "Price for this quality", "material", "goods", "product", "price"),
    ("satisfaction_1", "satisfaction", "总体满意度", "Satisfaction overall", "spiritual", "enterprise", "service", "perception"),
    ("satisfaction_2", "satisfaction", "与期望相比的满意度", "Satisfaction compared with what you expected", "spiritual", "enterprise", "service", "perception"),
    ("satisfaction_3", "satisfaction", "与理想网店相比的满意度", "Satisfaction compared with an ideal shop", "spiritual", "enterprise", "service", "perception"),
    ("loyalty_1", "loyalty", "再次购买的可能性", "How likely you are to buy again", "social", "enterprise", "behavior", "emotion"),
    ("loyalty_2", "loyalty", "本店是我购买这类商品的首选", "This shop is my first choice for such goods", "social", "enterprise", "idea", "image"),
)  # fmt: skip
_RATED = ("site_1", "site_2", "goods_1", "goods_2", "service_1", "service_2", "service_3", "value_1")


def questions(method: str, *, chinese: bool) -> tuple[QuestionFacts, ...]:
    """The questions a method begins with."""
    items = [_item(row, chinese) for row in _SHOP]
    last = _last(chinese)
    if method == "simple":
        return (*(one for one in items if one.latent == "satisfaction"), *last)
    if method in ("structural", "regression"):
        return (*items, *last)
    rated = [one for one in items if one.code in _RATED]
    overall = [one for one in items if one.code == "satisfaction_1"]
    seconds = ("importance",) if method == "double" else ("importance", "rival")
    second = [_second(one, role, method, chinese) for role in seconds for one in rated]
    return (*rated, *second, *overall, *last)


def _item(row: tuple[str, ...], chinese: bool) -> QuestionFacts:
    code, latent, zh, en, need, thing, content, factor = row
    return with_scale(
        QuestionFacts(
            code, zh if chinese else en, latent=latent, need_class=need, object_class=thing, content_class=content,
            factor=factor,
        ),
        "ten",
    )  # fmt: skip


def _second(item: QuestionFacts, role: str, method: str, chinese: bool) -> QuestionFacts:
    if role == "rival":
        said = f"最好的同行：{item.text}" if chinese else f"The best rival: {item.text}"
        return with_scale(QuestionFacts(f"{item.code}_rival", said, role, item.code), "ten")
    if method == "double_improved":
        said = f"分给“{item.text}”的点数（合计 100）" if chinese else f"Points for “{item.text}” (100 in all)"
        return with_scale(QuestionFacts(f"{item.code}_points", said, role, item.code), "percent")
    said = f"“{item.text}”对您有多重要" if chinese else f"How important is “{item.text}” to you"
    return with_scale(QuestionFacts(f"{item.code}_importance", said, role, item.code), "ten")


def _last(chinese: bool) -> tuple[QuestionFacts, ...]:
    rows = (
        (
            "recommend",
            "recommend",
            "您有多大可能向亲友推荐本店",
            "How likely are you to recommend us to a friend",
            "zero_ten",
        ),
        ("effort", "effort", "本店让我轻松办成了事", "The shop made it easy for me", "seven"),
        (
            "wallet",
            "wallet",
            "这类商品约百分之几在本店购买",
            "About what percentage of such goods do you buy here",
            "percent",
        ),
        ("switching", "switching", "换一家店会很麻烦", "Changing to another shop would be a nuisance", "seven"),
        ("price", "price", "涨价一成我仍会购买", "I would still buy if prices rose by a tenth", "seven"),
    )
    return tuple(
        with_scale(QuestionFacts(code, zh if chinese else en, role), scale) for code, role, zh, en, scale in rows
    )


def with_scale(question: QuestionFacts, code: str) -> QuestionFacts:
    """A question on a named scale; its values and words are copied, so that this version keeps them."""
    if code == "percent":
        return replace(question, scale=code, scale_values=(0.0, 100.0), scale_labels=())
    scale = SCALES[code]
    labels = scale.labels if code != "seven" or question.role == "item" else ()
    return replace(question, scale=code, scale_values=tuple(scale.values), scale_labels=labels)

"""What an event means for the way to a purchase: its mark, told by the mapping, by the name of the event or by the page.

The names are those of the Segment spec (e-commerce v2, live chat), so that its SDKs and exports are understood as they are.
"""

import re

# `identify` and `alias` say who a visitor is; they are no step of a trajectory.
EVENT_KINDS = ("page", "screen", "track", "identify", "alias", "group")
NAMING = ("identify", "alias")
PRODUCT, FAVORITE, BASKET, CHECKOUT, ORDER = "product", "favorite", "basket", "checkout", "order"
FORM, FORM_SENT, QUEUE, SERVED, SEARCH = "form", "form_sent", "queue", "served", "search"
CHAT, FAQ, OFFER = "chat", "faq", "offer"
HELP = (CHAT, FAQ, OFFER)
MARKS = (PRODUCT, FAVORITE, SEARCH, BASKET, CHECKOUT, FORM, FORM_SENT, QUEUE, SERVED, CHAT, FAQ, OFFER, ORDER)

_NAMES: dict[str, tuple[str, ...]] = {
    PRODUCT: ("product viewed", "viewed product", "product clicked", "查看商品", "浏览商品"),
    FAVORITE: ("product added to wishlist", "收藏商品", "加入收藏"),
    SEARCH: ("products searched", "搜索商品", "搜索"),
    BASKET: ("product added", "cart viewed", "wishlist product added to cart", "加入购物车", "查看购物车"),
    CHECKOUT: ("checkout started", "checkout step viewed", "checkout step completed", "payment info entered", "去结算", "提交结算"),
    FORM: ("form started", "form viewed", "填写表单", "开始填表"),
    FORM_SENT: ("form submitted", "user registered", "signed up", "提交表单", "注册成功"),
    QUEUE: ("live chat queued", "queue joined", "排队", "进入排队"),
    SERVED: ("live chat agent joined", "queue left for agent", "接通客服"),
    CHAT: ("live chat conversation started", "live chat message sent", "live chat message received", "咨询客服", "发起咨询"),
    FAQ: ("help article viewed", "faq viewed", "查看帮助"),
    OFFER: ("promotion clicked", "coupon entered", "coupon applied", "领取优惠券", "使用优惠券"),
    ORDER: ("order completed", "completed order", "下单成功", "支付成功"),
}  # fmt: skip
_OF_NAME = {name: mark for mark, names in _NAMES.items() for name in names}
# Pages every shop has, by their usual addresses: the first that fits.
_PAGES = (
    (ORDER, re.compile(r"/(?:order-?(?:success|confirmation|received|complete)|thank-?you|payment/success)(?:/|\Z)", re.I)),
    (CHECKOUT, re.compile(r"/(?:checkouts?|cashier|pay)(?:/|\Z)", re.I)),
    (BASKET, re.compile(r"/(?:cart|basket|shopping-?cart)(?:/|\Z)", re.I)),
    (FAQ, re.compile(r"/(?:help|faq|support)(?:/|\Z)", re.I)),
    (PRODUCT, re.compile(r"/(?:products?|items?|goods|detail)/[^/]+/?\Z", re.I)),
)  # fmt: skip


def mark_of(kind: str, name: str, path: str) -> str:
    """The mark of an event whose mapping gives none; empty where nothing tells."""
    if kind == "track":
        return _OF_NAME.get(" ".join(name.split()).casefold(), "")
    return next((mark for mark, pattern in _PAGES if pattern.search(path)), "")

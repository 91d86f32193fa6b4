"""What a column can mean, by kind of file: the choices of the mapping page, and how headings call each of them."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.secure import consents, fields
from zhike_analytics.values import text

CONSENT = "consent."  # what a column of answers to a purpose is called within its place


@dataclass(frozen=True, slots=True)
class Target:
    """One meaning: its place in the mapping file, words for people, and headings it goes by (folded, `|` between).

    `looks` names what its values must look like (see `guessing`), `field` the field of the catalogue that guards them.
    """

    code: str
    label: str | Promise
    headings: str
    looks: str = ""
    field: str = ""


_PERSON = (
    ("name", _("Name"), "姓名|客户姓名|买家姓名|客户名称|会员姓名|name|fullname|customername|customer|联系人|称呼|会员名称|顾客姓名|联系人姓名|用户姓名", "name", "name"),
    ("phone", _("Phone"), "手机|手机号|手机号码|联系手机|联系电话|电话|买家手机|买家手机号|phone|mobile|telephone|tel|phonenumber", "phone", "phone"),
    ("email", _("E-mail"), "邮箱|电子邮箱|email|e-mail|mail|emailaddress|customeremail", "email", "email"),
    ("platform_id", _("Customer number"), "客户编号|会员编号|会员id|客户id|买家id|用户id|customerid|customer_id|userid|user_id|memberid|customeruniqueid|customer_unique_id|buyerid|会员卡号|客户编码|客户代码|客户号|会员号|会员编码|顾客编号|用户编号|customerno|customercode|memberno", "id", "platform_id"),
    ("platform_handle", _("Account name"), "会员名|买家会员名|昵称|买家昵称|旺旺|账号|帐号|用户名|下单帐号|username|nick|nickname|account", "", "platform_handle"),
    ("sex", _("Sex"), "性别|sex|gender", "", "sex"),
    ("birth_date", _("Birthday"), "生日|出生日期|birthday|birthdate|dateofbirth", "moment", "birth_date"),
    ("country", _("Country"), "国家|country", "", "country"),
    ("province", _("Province"), "省|省份|收货省份|province|state|region|customerstate|customer_state|所在省|所在省份", "", "province"),
    ("city", _("City"), "市|城市|收货城市|city|town|customercity|customer_city|所在城市|所在市", "", "city"),
    ("address", _("Address"), "地址|详细地址|联系地址|address|street", "", "address_detail"),
    ("company", _("Company"), "公司|公司名称|单位|company|companyname", "", "company"),
    ("note", _("Note"), "备注|note|notes|remark|comment", "", "note"),
)  # fmt: skip

_ORDER = (
    Target("order.id", _("Order number"), "订单号|订单编号|主订单编号|单号|交易号|orderid|order_id|ordernumber|orderno|invoiceno|invoice|name", "id", "order_number"),
    Target("order.ordered_at", _("Ordered at"), "下单时间|订单创建时间|订单提交时间|创建时间|成交时间|订单时间|下单日期|日期|createdat|created_at|orderdate|order_date|invoicedate|date|orderpurchasetimestamp|order_purchase_timestamp", "moment", "ordered_at"),
    Target("order.paid_at", _("Paid at"), "付款时间|支付时间|订单付款时间|买家付款时间|paidat|paid_at|orderapprovedat|order_approved_at", "moment", "ordered_at"),
    Target("order.status", _("State of the order"), "状态|订单状态|交易状态|status|orderstatus|order_status|financialstatus", "", "order_status"),
    Target("order.total", _("Total"), "总金额|订单金额|订单总价|应付金额|应收金额|合计|total|ordertotal|amount|totalamount|grandtotal", "amount", "paid_amount"),
    Target("order.paid", _("Paid"), "实付|实付金额|实收金额|实际支付金额|买家实际支付金额|paid|amountpaid", "amount", "paid_amount"),
    Target("order.postage", _("Postage"), "运费|邮费|快递费|postage|shipping|freight", "amount", "paid_amount"),
    Target("order.refund", _("Refund"), "退款|退款金额|已退款金额|refund|refundedamount|refunded", "amount", "paid_amount"),
    Target("lines.sku", _("Article number"), "商品编码|商家编码|货号|商品id|sku|stockcode|productid|product_id|itemcode|article", "", ""),
    Target("lines.title", _("Product"), "商品名称|商品|宝贝标题|标题|品名|产品|title|product|productname|description|itemname|lineitemname", "", ""),
    Target("lines.quantity", _("Quantity"), "数量|购买数量|商品数量|件数|qty|quantity|pieces", "whole", ""),
    Target("lines.unit_price", _("Unit price"), "单价|价格|商品单价|price|unitprice|unit_price", "amount", ""),
    Target("lines.amount", _("Line amount"), "金额|小计|行金额|商品金额|lineamount|linetotal|subtotal", "amount", ""),
    Target("receiver.name", _("Receiver"), "收货人|收件人|收货人姓名|shippingname|receiver|recipient", "", "receiver_name"),
    Target("receiver.phone", _("Receiver's phone"), "收货人手机|收货人电话|收件人手机号|收货电话|shippingphone", "", "receiver_phone"),
    Target("receiver.address", _("Receiver's address"), "收货地址|收件地址|shippingaddress|shippingstreet", "", "receiver_address"),
    Target("receiver.message", _("Message of the buyer"), "买家留言|留言|买家备注|message|customernote", "", "buyer_message"),
)  # fmt: skip

_BUYER = tuple(Target(f"buyer.{code}", label, names, looks, field) for code, label, names, looks, field in _PERSON)
_CUSTOMER = tuple(
    Target(f"customer.{code}", label, names, looks, field) for code, label, names, looks, field in _PERSON
)
_TAGS = Target(
    "customer.tags", _("Tags"), "标签|客户标签|会员标签|会员等级|客户等级|等级|tags|tag|labels|label", "", "tags"
)

_PRODUCT = (
    Target("product.sku", _("Article number"), "商品编码|商家编码|货号|编码|商品id|款号|sku|productid|product_id|code|itemcode|article", "id", ""),
    Target("product.title", _("Product"), "商品名称|名称|品名|标题|商品|title|name|product|productname|description", "", ""),
    Target("product.category", _("Category"), "类目|分类|品类|商品分类|category|productcategory|productcategoryname|product_category_name|type|producttype", "", ""),
    Target("product.brand", _("Brand"), "品牌|brand|vendor", "", ""),
    Target("product.barcode", _("Barcode"), "条码|条形码|barcode|ean|upc|gtin", "", ""),
    Target("product.price", _("Price"), "售价|价格|单价|零售价|吊牌价|price|saleprice|retailprice", "amount", ""),
    Target("product.cost", _("Cost price"), "成本|成本价|进价|进货价|采购价|cost|costprice|unitcost|costperitem", "amount", ""),
    Target("product.attributes", _("An attribute under its own name"), "", "", ""),
)  # fmt: skip

_CASE = (
    Target("case.id", _("Case number"), "售后单号|售后编号|退款编号|退款单号|退货单号|caseid|refundid|returnid|rma", "id", ""),
    Target("case.order_id", _("Order number"), "订单号|订单编号|主订单编号|orderid|order_id|ordernumber|order", "id", "order_number"),
    Target("case.opened_at", _("Opened"), "申请时间|售后申请时间|退款申请时间|创建时间|createdat|created_at|openedat|requestedat|date", "moment", "ordered_at"),
    Target("case.closed_at", pgettext_lazy("after-sale", "Closed"), "完结时间|退款完结时间|完成时间|处理时间|closedat|closed_at|processedat|resolvedat", "moment", "ordered_at"),
    Target("case.kind", _("Kind of case"), "售后类型|退款类型|类型|type|kind", "", ""),
    Target("case.status", _("State of the case"), "售后状态|退款状态|状态|status|state", "", ""),
    Target("case.amount", _("Amount"), "退款金额|买家退款金额|金额|amount|refundamount|refund", "amount", "paid_amount"),
    Target("case.sku", _("Article number"), "商品编码|商家编码|货号|sku|productid", "", ""),
    Target("case.quantity", _("Quantity"), "数量|退货数量|qty|quantity", "whole", ""),
    Target("case.reason", pgettext_lazy("after-sale", "Reason"), "原因|售后原因|退款原因|买家退款原因|reason", "", ""),
)  # fmt: skip

_VISIT = (
    Target("visit.visitor", _("Visitor"), "访客|访客编号|访客id|访客标识|visitor|visitorid|visitor_id|anonymousid|anonymous_id|cookieid|clientid", "", ""),
    Target("visit.at", _("Moment of the visit"), "访问时间|浏览时间|事件时间|visitedat|visited_at|timestamp|eventtime|event_time", "moment", ""),
    Target("visit.kind", _("Kind of event"), "事件类型|eventtype|event_type", "", ""),
    Target("visit.name", _("Name of the event"), "事件|事件名称|event|eventname|event_name", "", ""),
    Target("visit.url", _("Page"), "页面|访问页面|页面地址|网址|链接|url|page|pageurl|page_url|path", "", ""),
    Target("visit.title", _("Title of the page"), "页面标题|pagetitle|page_title", "", ""),
    Target("visit.section", _("Section of the site"), "栏目|频道|section", "", ""),
    Target("visit.referrer", _("Referrer"), "来源页面|上一页|引荐来源|referrer|referer", "", ""),
    Target("visit.source", _("Where the visit came from"), "访问来源|流量来源|来源渠道|utmsource|utm_source", "", ""),
    Target("visit.medium", _("Medium of the campaign"), "utmmedium|utm_medium", "", ""),
    Target("visit.campaign", _("Campaign"), "推广活动|推广计划|utmcampaign|utm_campaign", "", ""),
    Target("visit.sku", _("Article number"), "商品编码|商品id|sku|productid|product_id|itemid|item_id", "", ""),
    Target("visit.amount", _("Amount"), "金额|amount|value", "amount", ""),
)  # fmt: skip
_KEYS_OF_PERSON = ("phone", "email", "platform_id", "platform_handle")

TARGETS: dict[str, tuple[Target, ...]] = {
    "orders": (*_ORDER, *_BUYER),
    "customers": (*_CUSTOMER, _TAGS),
    "products": _PRODUCT,
    "cases": _CASE,
    "tags": (*(t for t in _CUSTOMER if t.code.partition(".")[2] in _KEYS_OF_PERSON), _TAGS),
    "visits": (*_VISIT, *(t for t in _CUSTOMER if t.code.partition(".")[2] in _KEYS_OF_PERSON)),
}  # fmt: skip


def targets_of(kind: str) -> tuple[Target, ...]:
    """What a column of a kind of file can mean: for customers every other field of the file too, the merchant's own among them.

    Such a field goes by its name, in either language; one of the merchant's own by its code too.
    """
    told = TARGETS[kind]
    if kind != "customers":
        return told
    asked = (
        Target(f"customer.{CONSENT}{p.code}", _consent_label(p), _consent_headings(p), "", "consents")
        for p in consents.purposes()
    )
    held = {target.code for target in told} | {"customer.address_detail"}
    more = (f for f in fields.catalogue() if f.is_stated and f"customer.{f.name}" not in held)
    return (*told, *(Target(f"customer.{f.name}", f.label, _called(f), "", f.name) for f in more), *asked)


def _consent_label(purpose: consents.Purpose) -> str:
    return _now("Consent: %(purpose)s") % {"purpose": purpose.label}


# Headings that mean one of the purposes of the product.
_CONSENT_HEADINGS = {
    "marketing_mail": "同意营销邮件|营销邮件|邮件订阅|订阅邮件|接收邮件|acceptsmarketing|acceptsemailmarketing|emailmarketing|emailoptin|newsletter",
    "marketing_phone": "同意营销短信|营销短信|短信营销|接收短信|短信订阅|acceptssmsmarketing|smsmarketing|smsoptin",
    "profiling": "同意个性化推荐|个性化推荐",
    "sharing": "同意共享信息|同意提供给第三方",
}


def _consent_headings(purpose: consents.Purpose) -> str:
    names = [_CONSENT_HEADINGS.get(purpose.code, ""), purpose.code]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            names.append(text.fold(str(purpose.label)).replace(" ", ""))
    return "|".join(dict.fromkeys(name for name in names if name))


def _called(field: fields.Field) -> str:
    names = [field.name.removeprefix(fields.CUSTOM_PREFIX)] if fields.is_custom(field.name) else []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            names.append(text.fold(str(field.label)))
    return "|".join(dict.fromkeys(name.replace(" ", "") for name in names))


NEEDED: dict[str, tuple[str, ...]] = {
    "orders": ("order.id", "order.ordered_at"),
    "customers": (),
    "products": ("product.sku",),
    "cases": ("case.id", "case.order_id", "case.opened_at"),
    "tags": ("customer.tags",),
    "visits": ("visit.visitor", "visit.at"),
}
KEYS = ("platform_id", "platform_handle", "phone", "email")  # what may identify a customer, the surest first

STATE_WORDS: dict[str, dict[str, str]] = {
    "order.status": {
        "unpaid": "待付款|等待买家付款|未付款|pending|unpaid|created|待支付|on-hold|authorized",
        "paid": "待发货|已付款|等待卖家发货|买家已付款|paid|processing|approved|invoiced|备货中|待出库",
        "shipped": "已发货|待收货|卖家已发货|shipped|fulfilled|in transit|运输中",
        "completed": "交易成功|已完成|已收货|完成|已签收|completed|complete|delivered|done|closed won",
        "closed": "交易关闭|已关闭|closed|expired",
        "cancelled": "已取消|取消|cancelled|canceled|voided|unavailable|作废",
        "refunded": "已退款|退款成功|refunded|returned",
    },
    "case.status": {
        "open": "待处理|处理中|申请中|待审核|open|pending|new|requested|in progress",
        "agreed": "已同意|待退货|待买家退货|approved|agreed|accepted",
        "done": "退款成功|已完成|完成|已退款|已关闭|done|closed|refunded|completed|resolved",
        "refused": "已拒绝|拒绝|退款关闭|refused|rejected|denied",
        "cancelled": "已撤销|已取消|买家撤销|cancelled|canceled|withdrawn",
    },
    "case.kind": {
        "refund": "仅退款|退款|refund|refund only",
        "return": "退货退款|退货|return|returned|return and refund",
        "exchange": "换货|exchange|replacement",
        "repair": "维修|repair",
        "other": "其他|补寄|other",
    },
}

"""What a first notice may say: a draft in both languages that the merchant reads, changes and answers for.

Stored per language like every text of the merchant's own; nothing here is translated.
"""

_END_ZH = (
    "您可以随时撤回同意：回复我们的任何消息、致电客服，或点击邮件里的退订链接。撤回不影响此前的处理，也不影响您购物和售后。"
    "您有权查阅、复制、更正、删除您的个人信息。"
)
_END_EN = (
    "You may withdraw at any time: answer any of our messages, call us, or use the link in a mail. Withdrawing changes nothing about "
    "what was done before, nor about your orders and after-sale service. You may ask to see, copy, correct or delete your data."
)

STARTERS: dict[str, dict[str, dict[str, str]]] = {
    "service": {
        "zh-hans": {
            "title": "订单与售后服务告知",
            "body": "为履行订单、处理售后和回答您的咨询，我们使用您的姓名、联系方式、收货地址和订单记录。订单记录按法律规定的期限保存。"
            + _END_ZH,
        },
        "en": {
            "title": "Service of your orders and requests",
            "body": "To carry out orders, handle after-sale cases and answer you, we use your name, contact details, delivery address and "
            "order records. Order records are kept as long as the law asks. " + _END_EN,
        },
    },
    "marketing_mail": {
        "zh-hans": {
            "title": "通过邮件接收新品与优惠",
            "body": "我们想通过电子邮件告诉您新品、优惠和活动。为此使用您的邮箱地址和称呼，直到您撤回同意。" + _END_ZH,
        },
        "en": {
            "title": "News and offers by e-mail",
            "body": "We would like to tell you by e-mail about new goods, offers and events. For this we use your e-mail address and name, until "
            "you withdraw. " + _END_EN,
        },
    },
    "marketing_phone": {
        "zh-hans": {
            "title": "通过电话与短信接收新品与优惠",
            "body": "我们想通过电话或短信告诉您新品、优惠和活动。为此使用您的手机号码和称呼，直到您撤回同意。"
            + _END_ZH,
        },
        "en": {
            "title": "News and offers by phone and short message",
            "body": "We would like to tell you by phone or short message about new goods, offers and events. For this we use your phone number "
            "and name, until you withdraw. " + _END_EN,
        },
    },
    "profiling": {
        "zh-hans": {
            "title": "根据购买记录为您推荐",
            "body": "我们想根据您的购买记录分析您的偏好，推荐您可能需要的商品。不会仅凭自动分析对您作出有重大影响的决定。"
            + _END_ZH,
        },
        "en": {
            "title": "Recommendations from what you bought",
            "body": "We would like to learn from your orders what you prefer and recommend what you may need. No decision of weight about you is "
            "made by machine alone. " + _END_EN,
        },
    },
    "sharing": {
        "zh-hans": {
            "title": "向合作方提供您的信息",
            "body": "我们想把您的［哪些信息］提供给［接收方名称、联系方式］，用于［目的与方式］。没有您的单独同意不会提供。"
            + _END_ZH,
        },
        "en": {
            "title": "Giving your data to a partner",
            "body": "We would like to give [which data] to [name and contact of the receiver] for [purpose and way]. Without your separate consent "
            "nothing is given. " + _END_EN,
        },
    },
}

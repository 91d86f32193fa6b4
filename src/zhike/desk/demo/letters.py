"""Templates of the demo shop's mails: one about an order, one about new tea."""

from collections.abc import Mapping

from zhike.reach import actions as reach
from zhike.secure import queries as secure

# role of who wrote it, name, purpose, words in both languages, what a preview puts in the place of a fact
_LETTERS = (
    (
        "supervisor", "发货通知", "service",
        {
            "zh-hans": {
                "subject": "您的订单 {{ order }} 已发出",
                "body": "{{ name }}，您好：\n\n您的订单 {{ order }} 今天从杭州发出，运单号 {{ parcel }}，一般两三天到。\n\n"
                "收到后请先看看茶器有没有磕碰。若有，拍张照片回这封信，我们补寄。\n\n{{ shop }}\n{{ day }}",
            },
            "en": {
                "subject": "Your order {{ order }} is on its way",
                "body": "Dear {{ name }},\n\nYour order {{ order }} left Hangzhou today. Its parcel number is {{ parcel }}; it usually takes "
                "two or three days.\n\nPlease look first whether the tea ware arrived whole. If not, answer this mail with a photo and we "
                "send it again.\n\n{{ shop }}\n{{ day }}",
            },
        },
        {"order": "TY-20417", "parcel": "1020 3040 5060"},
    ),
    (
        "operator", "新茶上市", "marketing_mail",
        {
            "zh-hans": {
                "subject": "今年的明前龙井到了",
                "body": "{{ name }}，您好：\n\n今年的明前龙井到店了，先给喝过的老客户留了一批，下单时填 {{ code }} 即可。\n\n"
                "[看看新茶](https://tingyu.example.com/new)\n\n想先尝再买，回信告诉我们，随下一单寄一泡茶样。\n\n{{ shop }}",
            },
            "en": {
                "subject": "This year's Longjing is here",
                "body": "Dear {{ name }},\n\nThis year's Longjing, picked before Qingming, has come in. Some of it is kept for those who know it: "
                "give {{ code }} when you order.\n\n"
                "[See the new tea](https://tingyu.example.com/new)\n\nWould you rather taste it first? Answer this mail, and a sample comes "
                "with your next order.\n\n{{ shop }}",
            },
        },
        {"code": "LONGJING-88"},
    ),
)  # fmt: skip


def write_letters(staff: Mapping[str, int]) -> int:
    """The templates the staff keep; returns how many."""
    count = 0
    for role, name, purpose, texts, samples in _LETTERS:
        if role in staff:
            by = secure.viewer_of_staff(staff[role])
            reach.make_template(name, purpose, texts, samples=samples, by=by)
            count += 1
    return count

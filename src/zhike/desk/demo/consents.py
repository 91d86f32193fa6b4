"""What customers of the demo shop were told and answered: notices in two versions, consents given, withdrawn and asked anew."""

import datetime as dt
from collections.abc import Iterator, Mapping
from random import Random

from zhike.customers import actions as customers
from zhike.customers.actions.consents import Proof
from zhike.customers.records import RegisterFilter
from zhike.desk.demo.staff_work import some
from zhike.kit import clock
from zhike.secure import consents
from zhike.secure import queries as secure
from zhike.secure.consents.starters import STARTERS
from zhike.secure.records import Viewer

Texts = dict[str, dict[str, str]]

# purpose → per version: days ago, whether those who agreed before are asked anew, what it says besides the draft, and how many
# agreed to it. Then how many withdrew.
_TOLD: tuple[tuple[str, tuple[tuple[int, bool, tuple[str, str], int], ...], int], ...] = (
    ("service", ((320, False, ("", ""), 0),), 0),
    (
        "marketing_mail",
        (
            (210, False, ("", ""), 22),
            (62, False, ("每月最多四封。", "At most four mails a month. "), 14),
        ),
        6,
    ),
    ("marketing_phone", ((180, False, ("", ""), 12),), 3),
    (
        "profiling",
        (
            (200, False, ("", ""), 10),
            (30, True, ("分析也用到您的收藏和浏览记录。", "What you looked at and kept is part of it. "), 4),
        ),
        1,
    ),
)  # fmt: skip
_WAYS = (
    ("form", ""),
    ("phone", "电话录音里答应的"),
    ("paper", "会员登记表上签了字"),
    ("form", ""),
    ("staff", "在店里当面说的"),
)
_WITHDRAWN = (("phone", "来电说不想再收到"), ("link", ""), ("staff", "在聊天里说的"), ("link", ""))


def ask_some(staff: Mapping[str, int], seed: int, *, by: Viewer) -> int:
    """Some customers agreed, and some of them changed their minds; how many answers. Purposes the merchant told already are left alone."""
    agent = secure.viewer_of_staff(staff["agent"]) if "agent" in staff else by
    people, answers = some(by, RegisterFilter(has_email=True, orders_min=1), 60), 0
    for place, (purpose, versions, gone) in enumerate(_TOLD):
        if people and not consents.notices(purpose):
            answers += _told(purpose, versions, gone, people, Random(seed * 31 + place), by, agent)
    return answers


def notice_digests() -> list[str]:
    """The digests of the notices a demo shop writes: by them they are found again."""
    return [consents.digest_of(texts) for purpose, versions, _ in _TOLD for texts in _texts(purpose, versions)]


def _told(
    purpose: str,
    versions: tuple[tuple[int, bool, tuple[str, str], int], ...],
    gone: int,
    people: list[int],
    chance: Random,
    by: Viewer,
    agent: Viewer,
) -> int:
    now, agreed, count = clock.now(), [], 0
    for (days, anew, _, most), texts in zip(versions, _texts(purpose, versions), strict=True):
        since = now - dt.timedelta(days=days)
        notice = consents.make_notice(purpose, texts, asks_anew=anew, at=since, by=by)
        for customer_id in chance.sample(people, min(most, len(people))):
            way, words = chance.choice(_WAYS)
            proof = Proof(words=words) if words else None
            at = since + dt.timedelta(days=chance.randint(1, 25), minutes=chance.randint(0, 600))
            customers.give_consent(customer_id, purpose, way=way, at=at, notice_id=notice, proof=proof, by=agent)
            agreed.append(customer_id)
            count += 1
    for customer_id in dict.fromkeys(agreed[-gone:]):
        way, words = chance.choice(_WITHDRAWN)
        at = now - dt.timedelta(days=chance.randint(0, 4), minutes=chance.randint(5, 600))
        proof = Proof(words=words) if words else None
        customers.withdraw_consent(customer_id, purpose, way=way, at=at, proof=proof, by=agent)
        count += 1
    return count


def _texts(purpose: str, versions: tuple[tuple[int, bool, tuple[str, str], int], ...]) -> Iterator[Texts]:
    draft = STARTERS[purpose]
    for _, _, (zh, en), _ in versions:
        yield {
            language: {"title": draft[language]["title"], "body": more + draft[language]["body"]}
            for language, more in (("zh-hans", zh), ("en", en))
        }

"""The pages one opens from a list: pleasing to axe, no wider than the screen, every word translated, worked by keyboard."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import proofs
from tests.browser import taobao
from tests.browser.axe import violations, ways_for
from tests.browser.conftest import BOTH_WAYS, SIZES, both_ways, turn
from tests.browser.pseudo import pseudo_language, untranslated
from tests.reach.ground import news, open_house
from zhike.analyze import actions as analyze
from zhike.analyze import queries as analyses
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.parameters import RfmParameters
from zhike.collect import actions as collect
from zhike.customers import actions, stop_reasons
from zhike.customers import queries as customers
from zhike.customers.models import Customer, CustomerCard, OldCard
from zhike.kit import clock, jobs
from zhike.protect.models import DisclosureReview
from zhike.protect.supervision import actions as supervision
from zhike.reach.wording import stop_token
from zhike.secure import queries as secure
from zhike.secure.models import Role
from zhike.secure.records import LOCAL_OPERATOR
from zhike.shop.models import Order

pytestmark = pytest.mark.django_db(transaction=True)


def _closed(customer_id: int) -> str:
    """The address of a card that was closed; the customer stands where they stood again."""
    actions.set_stage([customer_id], "potential", by=LOCAL_OPERATOR)
    actions.set_stage([customer_id], "current", by=LOCAL_OPERATOR)
    actions.place_paper(customer_id, by=LOCAL_OPERATOR, shelf="A3", volume="12", leaf="45")
    closed = OldCard.objects.filter(customer_id=customer_id).order_by("-id")[0]
    return f"/customers/{Customer.objects.get(id=customer_id).public_id}/card/closed/{closed.public_id}/"


LOOKER, QUESTION, ANSWER = "郑九", "当时是为了什么？", "快递联系不上，给客户打电话。"


def _look(agent: Any) -> str:
    """A look of somebody, drawn to be judged, after a question and its answer."""
    who = secure.viewer_of(agent)
    customer_id = actions.add_customer("person", {"name": LOOKER, "phone": "13812345678"}, by=LOCAL_OPERATOR)
    actions.reveal_field(customer_id, "phone", by=who, purpose="delivery")
    supervision.draw(clock.now(), now=True)
    row = DisclosureReview.objects.get()
    supervision.ask(row.public_id, QUESTION, by=LOCAL_OPERATOR)
    supervision.answer(row.public_id, ANSWER, by=who)
    return row.public_id


CHART = ("青禾厂", "青禾集团", "厂长", "采购科", "小青", "仓库科")  # a company, the one above it, and its departments


def _chart(customer_id: int) -> str:
    """The page of a company with a parent, a person who decides, and departments."""
    firm, upper = (actions.add_customer("organisation", {"name": n}, by=LOCAL_OPERATOR) for n in CHART[:2])
    actions.edit_fields(firm, {"organisation_structure": "{2}\n- {3}：{4}\n- {5}".format(*CHART)}, by=LOCAL_OPERATOR)
    actions.link_customers(firm, upper, actions.Link(kind="parent"), by=LOCAL_OPERATOR)
    actions.link_customers(
        customer_id, firm, actions.Link(kind="contact", roles=("decider",), influence=5), by=LOCAL_OPERATOR
    )
    return f"/customers/{Customer.objects.get(id=firm).public_id}/organization/"


@pytest.fixture
def addresses(owner: Any, agent: Any) -> dict[str, str]:
    """A page of every kind, in a scored shop with imports in every state."""
    done = taobao.open_shop(buyers=20)
    analyze.request_run(RfmParameters(only=("rfm", "lists")), by=LOCAL_OPERATOR)
    for kind in ("value", "funnel"):  # those whose figures stand on the file
        analyze.request_measure(kind, MeasureParameters(), by=LOCAL_OPERATOR)
    jobs.run_pending()
    run = analyses.latest_run()
    at = clock.now().replace(tzinfo=None)
    bad = taobao.written([taobao.order(900, 3, at, "1.00"), taobao.order(901, 4, at, "1.00", 订单状态="飞走了")])
    checked = taobao.bring_in(bad, name="checked.csv", start=False)
    undone = taobao.bring_in(bad, name="undone.csv")
    collect.undo_import(undone.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    with_rejects = taobao.bring_in(bad, name="rejects.csv")
    waiting = taobao.bring_in(bad, name="waiting.csv", start=False)
    collect.start_import(waiting.id, by=LOCAL_OPERATOR)
    card = CustomerCard.objects.get(name=taobao.name_of(1))
    source = next(s for s in customers.sources() if not s.is_house)
    customer = Customer.objects.get(id=card.customer_id).public_id
    return {
        "tasks": "/work/?tab=all",
        "verify": f"/clean/verification/{customer}/name/",
        "file": f"/customers/{Customer.objects.get(id=card.customer_id).public_id}/",
        "identity": f"/customers/{customer}/identity/",
        "organization chart": _chart(card.customer_id),
        "accuracy": "/clean/verification/accuracy/",
        "truth checks": "/clean/truth/",
        "quality": "/clean/quality/",
        "rules of quality": "/clean/quality/rules/",
        "funnel": "/clean/funnel/",
        "funnel as a list": "/clean/funnel/list/",
        "rules of the funnel": "/clean/funnel/rules/",
        "score of leads": "/clean/funnel/score/",
        "in charge": "/customers/in-charge/",
        "keeping": "/security/keeping/",
        "supervision": "/security/supervision/",
        "a look to judge": f"/security/supervision/{_look(agent)}/",
        "hand over": f"/customers/in-charge/hand-over/?from={agent.pk}",
        "who looked": f"/customers/{Customer.objects.get(id=card.customer_id).public_id}/access/",
        "order": f"/shop/orders/{Order.objects.order_by('id')[0].public_id}/",
        "source": f"/collect/sources/{source.public_id}/",
        "new source": "/collect/sources/new/",
        "import done": f"/collect/imports/{done.public_id}/",
        "import checked": f"/collect/imports/{checked.public_id}/",
        "import undone": f"/collect/imports/{undone.public_id}/",
        "import with rejects": f"/collect/imports/{with_rejects.public_id}/",
        "import waiting": f"/collect/imports/{waiting.public_id}/",
        "imports": "/collect/imports/",
        "staff": f"/security/staff/{agent.pk}/",
        "policy": "/security/policy/agent/",
        "audit": "/security/audit/",
        "rfm of a run": f"/insight/rfm/{run.public_id if run else ''}/",
        "new run": "/insight/runs/new/",
        "lists": "/insight/lists/",
        "card": f"/customers/{Customer.objects.get(id=card.customer_id).public_id}/card/current/",
        "card of a former customer": f"/customers/{Customer.objects.get(id=card.customer_id).public_id}/card/former/",
        "closed card": _closed(card.customer_id),
        "views of the file": "/settings/file-views/",
        "reasons for stopping": "/settings/stop-reasons/",
        "register": "/customers/",
        "register narrowed": "/customers/?city=杭州市&orders_min=2",
        "orders": "/shop/orders/",
        "search": f"/search/?slip={secure.slip_of(secure.viewer_of(owner), '赵')}",
        "home": "/",
        **sending(card.customer_id),
    }


def sending(customer_id: int) -> dict[str, str]:
    """Consent, a template, and a message that was not sent."""
    house = open_house()
    who = Customer.objects.get(id=customer_id).public_id
    message = news(customer_id, house)
    return {
        "consents": f"/customers/{who}/consents/",
        "purpose": "/security/consents/marketing_mail/",
        "notice": "/security/consents/marketing_mail/notice/",
        "new purpose": "/security/consents/purposes/new/",
        "message": f"/reach/messages/{message.public_id}/",
        "new message": f"/reach/new/{who}/?template={house['news']}",
        "template": f"/reach/templates/{house['news']}/",
        "edit template": f"/reach/templates/{house['news']}/edit/",
        "way out": f"/stop/{stop_token(message.public_id)}/",
    }


# Amounts, masked values, and the letters of the scores are the same in every language.
FIGURE = re.compile(r"CN¥[\d,.]+|\w\*\*\w?|\b[RFM]\d?\b|店铺名称")
# What opens over a page: the page, and what to press there.
OPENED: dict[str, tuple[str, ...]] = {
    "file": (
        ".origin-ask",
        "[data-open=note-contact]",
        "[data-open=place-paper]",
        "[data-open=print-bag]",
        "#field-name button[hx-get*=edit]",  # a reveal has a story of its own: an owner sees what agents ask for
    ),
    "card": ("[data-open=print-card]",),
    "register": (
        "[data-open=print-book]",
        "[data-open=filters]",
        "[data-open=columns]",
        "[data-open=save-view]",
        "[data-open=export-all]",
    ),
    "import done": ("[data-open=undo-import]",),
    "consents": ("[data-open=give-marketing_mail]", "[data-open=withdraw-marketing_mail]"),
}


def opened(page: Page, press: str) -> None:
    """Press it, and wait until what it asked for has come."""
    page.locator(press).first.click()
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")


def fenceless(text: str) -> str:
    """A text without its translated parts; a message that carries an element begins or ends in another text."""
    return re.sub(r"⟦[^⟦⟧]*⟧|^[^⟦]*⟧|⟦[^⟧]*$", "", text)


def walk(
    stroll: Callable[..., Page], pages: dict[str, str], look: Callable[[Page, str], list[str]], **how: Any
) -> list[str]:
    """Look at every page, and at what opens over it."""
    found = []
    for name, address in pages.items():
        page = stroll(address, **how)
        found += look(page, name)
        for press in OPENED.get(name, ()):
            page.reload()
            if how.get("checked") and not page.locator(press).first.is_visible():  # there on a screen of another size
                turn(page, *BOTH_WAYS[page.viewport_size == dict(zip(("width", "height"), SIZES["wide"], strict=True))])
            opened(page, press)  # what is not there to be pressed fails the walk: nothing is passed over
            found += look(page, f"{name} {press}")
    return found


@pytest.mark.timeout(3600)  # every page twice: on a busy machine half an hour
def test_every_detail_page_pleases_axe_and_fits_the_screen(stroll, shoot, owner, addresses):
    looked: list[str] = []

    def look(page: Page, name: str) -> list[str]:
        over = "dialog[open]"  # the page below it was looked at before it opened
        within = over if page.locator(over).count() else ""
        wrong = []
        for size, theme in both_ways(page, ways_for(name, BOTH_WAYS)):
            shoot(page, f"detail-{name.translate(str.maketrans(' []=.#*', '-------'))}-{size}-{theme}")
            looked.append(name)
            wrong += [f"{name} {size} {theme}: {v}" for v in violations(page, within=within)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{name}: wider than the {size} screen")
        return wrong

    wrong = walk(stroll, addresses, look, by=owner, checked=True)
    assert wrong == [], "\n".join(wrong)
    proofs.note("Pages opened from lists held to axe", pages=len(set(looked)), looks=len(looked), violations=0)


def test_every_word_of_every_detail_page_is_translated(stroll, owner, agent, addresses):
    roles = (str(w) for row in Role.objects.values_list("name_en", "name_zh") for w in row)
    places = {w for place in taobao.PLACES for w in place.split()} | {"北京市", "CNY", "K00"}
    words = {
        *map(taobao.name_of, range(100)), *taobao.GOODS, *places, *roles, *(r.en for r in stop_reasons.SHIPPED), "PDF", "Word", "Excel", "示例茶铺", "淘宝店", "tea-shop", "taobao", "飞走了",
        "新茶", "发货", "龙井", "ExportOrderList.csv", "checked.csv", "undone.csv", "rejects.csv", "waiting.csv", owner.display_name, agent.display_name, owner.email, agent.email,
        "知客", "Zhike", LOOKER, QUESTION, ANSWER, *CHART, "简体中文", "English", "Ctrl K", "Ctrl", "RFM", "CSV", "Parquet", "UTF-8", "GBK", "GB18030",
    }  # fmt: skip
    content = tuple(sorted(words, key=len, reverse=True))

    def look(page: Page, name: str) -> list[str]:
        left = untranslated(page, content=content)
        return [f"{name}: {text}" for text in left if re.search(r"[^\W\d_]", fenceless(FIGURE.sub("", text)))]

    with pseudo_language():
        wrong = walk(stroll, addresses, look, by=owner, language="en")
    assert wrong == [], "\n".join(dict.fromkeys(wrong))


def test_the_register_is_worked_by_keyboard(visit, owner):
    taobao.open_shop(buyers=6)
    page = visit("/", by=owner)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.locator("#search").blur()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/customers/")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).not_to_be_visible()
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    first = page.locator("tbody tr[data-row]").first
    expect(first).to_have_class("is-here")
    name = first.locator("a.main-cell").inner_text().split("\n")[0]
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


def test_an_enter_that_ends_a_composed_word_opens_nothing(visit, owner):
    taobao.open_shop(buyers=6)
    page = visit("/customers/", by=owner)
    page.keyboard.press("j")
    for key in ("Enter", "j", "/", "?"):
        page.evaluate(
            "key => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, isComposing: true, bubbles: true, cancelable: true}))",
            key,
        )
    assert page.url.endswith("/customers/")
    expect(page.locator("#shortcuts")).not_to_be_visible()
    expect(page.locator("#search")).not_to_be_focused()
    expect(page.locator("tbody tr[data-row]").first).to_have_class("is-here")

"""Stories of cards on the screen and on paper, registers bound as books, bags, and the file in three views."""

import io
import zipfile

import docx
import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests import at_rest, pdf_text
from tests.cast import hire, signed_in
from tests.desk import ground
from tests.desk.conftest import EMAIL, HANDLE, PHONE, STREET
from tests.desk.ground import Person
from tests.spent import spent_s
from zhike.customers import actions as customers
from zhike.customers.actions import Contact
from zhike.customers.models import CustomerCard, OldCard
from zhike.desk.models import Export
from zhike.kit import clock, jobs
from zhike.kit.home import path
from zhike.secure import subjects
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db
SECRETS = (PHONE, EMAIL, STREET, HANDLE)


def content_of(browser: Client, answer) -> bytes:
    """The file behind an answer: a card is handed out at once, other prints when their job has run."""
    if answer.status_code == 302 and answer["Location"] == "/exports/":
        jobs.run_pending()
        answer = browser.get(f"/exports/{Export.objects.order_by('-pk')[0].public_id}/")
    elif answer.status_code == 302:
        answer = browser.get(answer["Location"])
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


def print_card(browser: Client, address: str, form: str = "pdf", **more: str) -> bytes:
    given = {"kind": "current", "form": form, "reason": "上门拜访", **more}
    return content_of(browser, browser.post(f"{address}card/print/", given))


def joined(content: bytes) -> str:
    """The text of a PDF without the ends of its lines, for words that were broken."""
    return pdf_text.text_of(content).replace("\n", "").replace("\u200b", "")


def read(content: bytes, form: str) -> str:
    """All the text of a printed file, whatever its kind."""
    if form == "pdf":
        return joined(content)
    if form == "docx":
        document = docx.Document(io.BytesIO(content))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        footers = [p.text for s in document.sections for p in s.footer.paragraphs]
        return "\n".join([*(p.text for p in document.paragraphs), *cells, *footers])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return "\n".join(
        str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
    )


# -- the card


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_a_card_is_printed_in_three_forms_with_who_and_when(
    as_owner: Client, wang: int, address: str, form: str
) -> None:
    customers.set_stage([wang], "current", by=LOCAL_OPERATOR)
    number = CustomerCard.objects.get(customer_id=wang).number
    said = read(print_card(as_owner, address, form), form)
    for word in ("现有客户卡", "王小明", number, "138****5678", "最近成交", "N0", "119.8", "知客老板", "杭州"):
        assert word in said, word
    assert not [secret for secret in SECRETS if secret in said]
    event = AuditEvent.objects.filter(action="export").order_by("pk")[0]
    assert event.detail["what"] == "card" and event.detail["step"] == "asked"
    assert Export.objects.get().reason == "上门拜访"


def test_a_card_takes_less_than_two_seconds(as_owner: Client, wang: int, address: str) -> None:
    print_card(as_owner, address)
    begun = spent_s()
    print_card(as_owner, address)
    assert spent_s() - begun < 2


def test_a_print_needs_a_reason_and_the_right(as_owner: Client, as_agent: Client, wang: int, address: str) -> None:
    as_owner.post(f"{address}card/print/", {"kind": "current", "form": "pdf", "reason": " "})
    assert not Export.objects.exists()
    assert as_agent.post(f"{address}card/print/", {"kind": "current", "form": "pdf", "reason": "x"}).status_code == 403
    assert as_agent.post(f"{address}bag/", {"form": "pdf", "reason": "x"}).status_code == 403
    assert as_agent.get(f"{address}card/current/").status_code == 200, "on the screen a card is the file"
    assert as_owner.post(f"{address}card/print/", {"kind": "current", "form": "csv", "reason": "x"}).status_code == 404
    assert as_owner.post(f"{address}card/print/", {"kind": "none", "form": "pdf", "reason": "x"}).status_code == 404
    assert as_owner.post("/customers/nobody/card/print/", {"kind": "current", "reason": "x"}).status_code == 404


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_what_a_role_may_not_export_stands_on_no_print(as_operator: Client, wang: int, address: str, form: str) -> None:
    customers.edit_fields(wang, {"need": "一口轻的锅"}, by=LOCAL_OPERATOR)
    said = read(print_card(as_operator, address, form), form)
    assert "一口轻的锅" in said and "王小明" not in said, "an operator sees names and exports none"
    assert not [secret for secret in SECRETS if secret in said]


def test_a_card_on_the_screen_shows_what_the_file_shows(
    as_analyst: Client, as_agent: Client, wang: int, address: str
) -> None:
    body = as_analyst.get(f"{address}card/current/").content.decode()
    assert "王小明" not in body and PHONE not in body and "138****" not in body
    body = as_agent.get(f"{address}card/current/").content.decode()
    assert "王小明" in body and "138****5678" in body and PHONE not in body
    assert as_agent.get(f"{address}card/").headers["Location"].endswith("card/current/"), (
        "who ordered is a current customer"
    )


def test_a_large_print_waits_for_a_second_person(
    as_owner: Client, as_supervisor: Client, wang: int, address: str
) -> None:
    from zhike.desk.models import ExportRule

    ExportRule.objects.create(pk=1, free_rows=0)
    answer = as_owner.post(f"{address}card/print/", {"kind": "current", "form": "pdf", "reason": "x"})
    export = Export.objects.get()
    assert answer["Location"] == "/exports/" and export.state == "waiting"
    assert "客户资料卡" in as_supervisor.get("/security/exports/").content.decode()
    as_supervisor.post("/security/exports/", {"act": "approve", "export": export.public_id})
    jobs.run_pending()
    assert b"%PDF" in b"".join(as_owner.get(f"/exports/{export.public_id}/").streaming_content)


def test_nothing_of_a_print_lies_in_clear_on_the_disk(as_owner: Client, wang: int, address: str) -> None:
    print_card(as_owner, address, "docx")
    for _, content in at_rest.held(path("files")):
        assert b"PK\x03\x04" not in content[:4] and "王小明".encode() not in content


# -- bad input


def test_hostile_texts_are_texts_on_paper(as_owner: Client, wang: int, address: str) -> None:
    hostile = '#read("/etc/passwd") *b* $x$ \\ [#panic()] = + - @SUM(1) <script>'
    customers.edit_fields(wang, {"need": hostile, "name": "王\u202e明😀𠮷", "barrier": "=cmd()x"}, by=LOCAL_OPERATOR)
    for form in ("pdf", "docx", "xlsx"):
        content = print_card(as_owner, address, form)
        said = read(content, form)
        assert "#read(" in said and "root:" not in said and "\u202e" not in said
        assert "王明😀" in said
        if form == "xlsx":
            sheets = zipfile.ZipFile(io.BytesIO(content))
            assert b"<f>" not in b"".join(sheets.read(n) for n in sheets.namelist() if "sheet1" in n)
            assert "=cmd()x" in said


def test_a_customer_without_a_name_and_one_with_an_endless_word_print(as_owner: Client, wang: int) -> None:
    source = ground.source("jd")
    bare, endless = ground.record(
        source, Person("x1", {}), Person("x2", {"name": "长" * 200, "company": "x" * 9000}), run_id=7
    )
    for one in (bare, endless):
        said = joined(print_card(as_owner, f"/customers/{ground.public_id(one)}/"))
        assert CustomerCard.objects.get(customer_id=one).number in said


def test_an_erased_customer_leaves_an_empty_card(as_owner: Client, wang: int, address: str) -> None:
    customers.set_stage([wang], "potential", by=LOCAL_OPERATOR)
    customers.set_stage([wang], "current", by=LOCAL_OPERATOR)
    old = OldCard.objects.get(stage="potential")
    subjects.bury("customer", wang, "request")
    assert as_owner.get(f"{address}card/closed/{old.public_id}/").status_code == 404
    said = joined(print_card(as_owner, address))
    assert "王小明" not in said and "138****" not in said


# -- cards that were closed, and former customers


def test_a_closed_card_reads_and_prints_as_it_was(as_owner: Client, wang: int, address: str) -> None:
    customers.set_stage([wang], "potential", by=LOCAL_OPERATOR)
    customers.edit_fields(wang, {"need": "一口轻的锅"}, by=LOCAL_OPERATOR)
    customers.set_stage([wang], "current", by=LOCAL_OPERATOR)
    customers.edit_fields(wang, {"need": "别的"}, by=LOCAL_OPERATOR)
    old = OldCard.objects.get(stage="potential")
    body = as_owner.get(f"{address}card/closed/{old.public_id}/").content.decode()
    assert "一口轻的锅" in body and "别的" not in body and "潜在客户调查卡" in body
    said = joined(print_card(as_owner, address, closed=old.public_id, kind="potential"))
    assert "潜在客户调查卡" in said and "一口轻的锅" in said and "别的" not in said
    assert as_owner.get(f"{address}card/closed/nothing/").status_code == 404


def test_the_former_card_tells_why_and_what_was_tried(as_owner: Client, wang: int, address: str) -> None:
    customers.set_stage([wang], "former", by=LOCAL_OPERATOR)
    as_owner.post(f"{address}card/trace/", {"reason": "rival", "words": "改从别家进货", "review_on": "2027-01-05"})
    as_owner.post(
        f"{address}contacts/",
        {"way": "call", "outcome": "not_reached", "purpose": "win_back", "offer": "满减券 打 13800000009"},
    )
    body = as_owner.get(f"{address}card/former/").content.decode()
    for word in ("旧客户卡", "转向竞争对手", "改从别家进货", "2027-01-05", "满减券", "未联系上"):
        assert word in body, word
    said = joined(print_card(as_owner, address, kind="former"))
    assert "转向竞争对手" in said and "满减券" in said and "13800000009" not in said
    assert "尝试挽回" in as_owner.get(f"{address}?kind=contact").content.decode()
    as_owner.post(f"{address}card/trace/", {"reason": "nonsense"})
    as_owner.post(f"{address}card/trace/", {"on": "no day", "reason": "price"})
    assert "nonsense" not in as_owner.get(f"{address}card/former/").content.decode()


# -- the book


def ask_book(browser: Client, **more: object) -> Export:
    given = {"act": "book", "all_matching": "1", "query": "", "reason": "年度存档", "title": "客户名册", **more}
    browser.post("/customers/bulk/", given)
    return Export.objects.order_by("-pk")[0]


def test_a_register_is_bound_with_cover_pages_and_index(as_owner: Client, wang: int) -> None:
    export = ask_book(as_owner, order="name", book_column=["number", "name", "phone", "city"])
    assert (export.state, export.form, export.columns) == ("asked", "pdf", ["number", "name", "phone", "city"])
    jobs.run_pending()
    content = b"".join(as_owner.get(f"/exports/{export.public_id}/").streaming_content)
    pages = pdf_text.pages_of(content)
    cover, rows, index = pages[0], pages[1], pages[2]
    day = clock.today("Asia/Shanghai").isoformat()
    assert "客户名册" in cover and "年度存档" in cover and day in cover
    assert "138****5678" in rows.replace("\n", "").replace("\u200b", "") and PHONE not in "".join(pages)
    assert rows.index("王客0") < rows.index("王小明"), "in pinyin: ke before xiao"
    assert "W" in index and "王小明" in index and CustomerCard.objects.get(customer_id=wang).number in pages[-1]
    export.refresh_from_db()
    assert export.row_count == 6


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_a_register_is_one_table_for_word_and_excel_with_its_facts_above(
    as_owner: Client, wang: int, form: str
) -> None:
    export = ask_book(as_owner, order="name", book_column=["number", "name", "phone", "city", "last_order"], form=form)
    assert (export.state, export.form) == ("asked", form)
    jobs.run_pending()
    said = read(b"".join(as_owner.get(f"/exports/{export.public_id}/").streaming_content), form)
    for word in ("客户名册", "年度存档", "知客老板", "138****5678", "王小明", "杭州"):
        assert word in said, word
    assert said.index("王客0") < said.index("王小明"), "in pinyin: ke before xiao"
    day = f"{CustomerCard.objects.get(customer_id=wang).last_order_at:%Y-%m-%d}"
    assert day in said and f"{day} " not in said.split("王小明", 1)[1], "paper names the day, not the second"
    assert not [secret for secret in SECRETS if secret in said]
    export.refresh_from_db()
    assert export.row_count == 6


def test_a_register_too_long_for_word_says_what_to_do(
    as_owner: Client, wang: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhike.desk.actions import printing

    monkeypatch.setattr(printing, "MOST_IN_WORD", 3)
    given = {"act": "book", "all_matching": "1", "query": "", "reason": "年度存档", "form": "docx"}
    as_owner.cookies["zhike_language"] = "en"
    page = as_owner.post("/customers/bulk/", given, follow=True).content.decode()
    assert "at most 2,000 customers" in page
    assert not Export.objects.exists()


def test_a_book_keeps_to_masks_of_its_maker(as_supervisor: Client, as_operator: Client, wang: int) -> None:
    export = ask_book(as_operator, book_column=["number", "name", "phone", "city"])
    assert "name" not in export.columns, "an operator exports no names, so no index by name either"
    jobs.run_pending()
    said = joined(b"".join(as_operator.get(f"/exports/{export.public_id}/").streaming_content))
    assert "王" not in said.replace("王国", "") and PHONE not in said


def test_a_book_of_several_volumes_counts_its_pages_through(
    as_owner: Client, wang: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhike.desk.actions import exports
    from zhike.desk.printing import book

    monkeypatch.setattr(book, "VOLUME", 2)
    monkeypatch.setattr(exports, "VOLUME", 2)
    export = ask_book(as_owner, book_column=["number", "name"])
    assert export.form == "zip"
    jobs.run_pending()
    content = b"".join(as_owner.get(f"/exports/{export.public_id}/").streaming_content)
    folder = zipfile.ZipFile(io.BytesIO(content))
    names = folder.namelist()
    assert len(names) == 4 and names[-1].endswith("索引.pdf")
    firsts = [pdf_text.pages_of(folder.read(n)) for n in names]
    numbers = [page.replace("\u200b", "").strip().splitlines()[-1] for volume in firsts for page in volume]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)], numbers
    assert "第 2 册" in firsts[1][0]


def test_a_book_too_large_is_refused(as_owner: Client, wang: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhike.desk.actions import printing

    monkeypatch.setattr(printing, "MOST_IN_A_BOOK", 5)
    answer = as_owner.post(
        "/customers/bulk/", {"act": "book", "all_matching": "1", "query": "", "reason": "x"}, follow=True
    )
    assert "20,000" in answer.content.decode() and not Export.objects.exists()


def test_ticked_customers_make_a_book_of_their_own(as_owner: Client, wang: int) -> None:
    export = ask_book(as_owner, all_matching="", selected=[str(wang)], order="name")
    jobs.run_pending()
    assert Export.objects.get(pk=export.pk).row_count == 1


# -- the bag


def test_a_bag_holds_every_document_with_a_table_of_contents(as_owner: Client, wang: int, address: str) -> None:
    customers.set_stage([wang], "current", by=LOCAL_OPERATOR)
    customers.record_contact(
        wang,
        Contact(at=clock.now(), way="visit", outcome="done", purpose="看样", note="打 13800000003"),
        by=LOCAL_OPERATOR,
    )
    customers.attach(wang, "document", "合同 扫描.pdf", b"%PDF-1.7\nx\n%%EOF", by=LOCAL_OPERATOR, title="报价单")
    content = content_of(as_owner, as_owner.post(f"{address}bag/", {"form": "pdf", "reason": "审计"}))
    pages = pdf_text.pages_of(content)
    assert "王小明" in pages[0] and "目录" in pages[1]
    for title in ("现有客户卡", "订单", "投入记录", "附件"):
        assert title in pages[1], title
    said = joined(content)
    assert "看样" in said and "报价单" in said and "13800000003" not in said and PHONE not in said


def test_a_folder_encloses_the_attachments_one_may_fetch(as_owner: Client, wang: int, address: str) -> None:
    customers.attach(wang, "document", "扫描.pdf", b"%PDF-1.7\nx\n%%EOF", by=LOCAL_OPERATOR, title="报价/单")
    answer = as_owner.post(f"{address}bag/", {"form": "zip", "reason": "审计", "purpose": "after_sale"})
    folder = zipfile.ZipFile(io.BytesIO(content_of(as_owner, answer)))
    names = folder.namelist()
    assert any(n.startswith("附件/01 报价单") for n in names) and names[-1].startswith("00 "), names
    inside = next(n for n in names if n.startswith("附件/"))
    assert folder.read(inside).startswith(b"%PDF-1.7")
    assert AuditEvent.objects.filter(action="reveal", outcome="ok").count() == 1
    assert "附件/01 报价单" in joined(folder.read(names[-1]))


def test_a_folder_without_a_purpose_says_why_nothing_is_enclosed(as_owner: Client, wang: int, address: str) -> None:
    customers.attach(wang, "document", "扫描.pdf", b"%PDF-1.7\nx\n%%EOF", by=LOCAL_OPERATOR)
    answer = as_owner.post(f"{address}bag/", {"form": "zip", "reason": "审计", "purpose": "nonsense"})
    folder = zipfile.ZipFile(io.BytesIO(content_of(as_owner, answer)))
    assert not [n for n in folder.namelist() if n.startswith("附件/")]
    assert "未装入" in joined(folder.read(folder.namelist()[-1]))


# -- one file, three views


def order_of(body: str, *words: str) -> list[str]:
    """The words in the order in which they stand on a page."""
    return sorted(words, key=body.index)


def test_each_team_reads_its_own_first(as_owner: Client, as_agent: Client, wang: int, address: str) -> None:
    customers.edit_fields(wang, {"need": "锅", "preferred_channel": "wechat", "intention": "strong"}, by=LOCAL_OPERATOR)
    seller = hire("account_manager")
    CustomerCard.objects.filter(customer_id=wang).update(owner_staff_id=seller.pk)
    panes = ('id="attached"', ">价值<")
    service = as_agent.get(address).content.decode()
    sales = signed_in(seller).get(address).content.decode()
    assert order_of(service, *panes) == [panes[0], panes[1]]
    assert order_of(sales, *panes) == [panes[1], panes[0]]
    groups = ('id="group-motives"', 'id="group-address"')
    assert order_of(sales, *groups)[0] == groups[0] and order_of(service, *groups)[0] == groups[1]


def test_a_person_switches_and_the_view_stays(as_agent: Client, wang: int, address: str) -> None:
    assert as_agent.post("/customers/file-view/", {"view": "sales", "back": address})["Location"] == address
    assert 'value="sales" aria-pressed="true"' in as_agent.get(address).content.decode()
    as_agent.post("/customers/file-view/", {"view": "nonsense", "back": "https://evil.example/"})
    assert 'value="sales" aria-pressed="true"' in as_agent.get(address).content.decode()
    as_agent.post("/customers/file-view/", {"view": ""})
    assert 'value="service" aria-pressed="true"' in as_agent.get(address).content.decode()


def test_a_view_is_no_right(as_analyst: Client, wang: int, address: str) -> None:
    for view in ("sales", "service", "company"):
        as_analyst.post("/customers/file-view/", {"view": view, "back": address})
        for page in (address, f"{address}card/current/"):
            body = as_analyst.get(page).content.decode()
            assert "王小明" not in body and "138****" not in body and PHONE not in body


def test_an_administrator_lays_views_out_for_teams(as_owner: Client, wang: int, address: str) -> None:
    from zhike.secure.models import Team

    customers.edit_fields(wang, {"interests": "茶", "need": "锅"}, by=LOCAL_OPERATOR)
    team = Team.objects.create(name="西区")
    agent = hire("agent")
    agent.team = team
    agent.save()
    as_owner.post("/settings/file-views/", {"act": "teams", f"team-{team.pk}": "company"})
    panes = {f"pane-{code}": str(n) for n, code in enumerate(_panes())}
    as_owner.post("/settings/file-views/", {"view": "company", "group-life": "1", "group-motives": "2", **panes})
    body = signed_in(agent).get(address).content.decode()
    assert order_of(body, 'id="group-life"', 'id="group-contact"')[0] == 'id="group-life"'
    as_owner.post("/settings/file-views/", {"view": "company", **panes})
    assert 'name="group-life" value="1"' in as_owner.get("/settings/file-views/").content.decode(), "no group: refused"
    as_owner.post("/settings/file-views/", {"view": "company", "act": "ship"})
    assert AuditEvent.objects.filter(action="file_view.changed").count() == 3
    assert signed_in(agent).get("/settings/file-views/").status_code == 403


def _panes() -> list[str]:
    from zhike.desk.file_views import PANES

    return list(PANES)


# -- paper, and the catalogue of reasons


def test_paper_is_placed_listed_and_found_by_the_one_search(as_owner: Client, wang: int, address: str) -> None:
    as_owner.post(f"{address}paper/", {"act": "place", "shelf": "A3", "volume": "12", "leaf": "45"})
    as_owner.post(f"{address}paper/", {"act": "missing", "missing": "第3页"})
    body = as_owner.get("/customers/paper/?missing=1").content.decode()
    assert "王小明" in body and "第3页" in body and "A3" in body
    assert "A3" in as_owner.get(address).content.decode()
    found = as_owner.post("/search/", {"q": "架A3 册12"}, follow=True).content.decode()
    assert "王小明" in found
    assert "第3页" in joined(print_card(as_owner, address))
    assert as_owner.post(f"{address}paper/", {"act": "place", "shelf": "x" * 25}).status_code == 302


def test_reasons_are_added_renamed_and_put_away_on_the_screen(
    as_keeper: Client, as_agent: Client, wang: int, address: str
) -> None:
    as_keeper.post("/settings/stop-reasons/", {"name_zh": "换了采购", "name_en": "Buyer changed"})
    as_keeper.post(
        "/settings/stop-reasons/",
        {"code": "price", "name_zh": "嫌贵", "name_en": "Too dear", "place": "1", "archived": "1"},
    )
    body = as_keeper.get("/settings/stop-reasons/").content.decode()
    assert "换了采购" in body and "嫌贵" in body
    card = as_keeper.get(f"{address}card/former/").content.decode()
    assert "换了采购" in card and "嫌贵" not in card
    assert as_agent.get("/settings/stop-reasons/").status_code == 403

"""Statements from a file: units, days, flags, rows that say what to do, dry run, the same file again."""

import datetime as dt
import io
import zipfile

import pytest

from tests.cast import hire
from tests.collect.workbooks import workbook
from tests.credit.ground import WAN, firm, person
from zhike.credit import actions, queries, refusals
from zhike.credit.actions import StatementFileRefused
from zhike.credit.models import FinancialStatement
from zhike.customers import queries as customers
from zhike.secure import queries as secure
from zhike.secure.models import AuditEvent
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
HEAD = "客户,报表日期,期间,单位,已审计,合并报表,流动资产,存货,货币资金,资产总计,流动负债,负债合计,净资产"


def file(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode("gb18030")


def test_a_file_is_looked_at_first_and_then_recorded(shop: None) -> None:
    customer = firm("好客贸易")
    number = customers.lines(BY, [customer])[customer].number
    content = file(
        f"{number},2025-12-31,年报,万元,是,否,900,300,120,2000,500,1100,900",
        "好客贸易,2024年12月31日,,万元,否,,800,300,100,1900,500,1100,800",
    )
    told = actions.check_statements(content, by=BY)
    assert (told.rows, told.new, told.left_out, told.enterprises) == (2, 2, 0, 1)
    assert not FinancialStatement.objects.exists()
    done = actions.record_statements(told.text.encode(), by=BY)
    assert (done.new, done.changed) == (2, 0)
    newest = FinancialStatement.objects.get(is_newest=True)
    assert (newest.ends_on, newest.current_assets_cents, newest.is_audited) == (dt.date(2025, 12, 31), 900 * WAN, True)
    again = actions.record_statements(content, by=BY)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    changed = file(f"{number},2025-12-31,年报,万元,是,否,950,300,120,2000,500,1100,900")
    assert actions.check_statements(changed, by=BY).changed == 1
    assert AuditEvent.objects.filter(action="statements.brought").count() == 2


def test_rows_that_cannot_stand_are_left_out_and_say_what_to_do(shop: None) -> None:
    firm("好客贸易")
    firm("同名店")
    firm("同名店")
    person("王小明")
    told = actions.check_statements(
        file(
            ",2025-12-31,,,,,1,,,,,,",
            "没有这家,2025-12-31,,,,,1,,,,,,",
            "同名店,2025-12-31,,,,,1,,,,,,",
            "好客贸易,昨天,,,,,1,,,,,,",
            "好客贸易,2025-12-31,周报,,,,1,,,,,,",
            "好客贸易,2025-12-31,,美元,,,1,,,,,,",
            "好客贸易,2025-12-31,,,也许,,1,,,,,,",
            "好客贸易,2025-12-31,,,,,一百,,,,,,",
            "好客贸易,2025-12-31,,,,,-1,,,,,,",
            "好客贸易,2025-12-31,,,,,,,,,,,",
            "好客贸易,2025-12-31,,,,,1,,,,,,",
            "好客贸易,2025,,,,,2,,,,,,",
        ),
        by=BY,
    )
    codes = [code for _row, code, _part in told.problems]
    assert codes == [
        "no_customer", "unknown_customer", "ambiguous", "day", "period", "unit", "flag", "amount", "negative",
        "nothing_stated", "twice",
    ]  # fmt: skip
    assert [row for row, _code, _part in told.problems][:2] == [2, 3] and told.new == 1
    assert all(refusals.statement(code, part) for _row, code, part in told.problems)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n1,2", "no_customer_column"),
        ("客户,流动资产\n甲,1".encode(), "no_day_column"),
        ("客户,报表日期\n甲,2025".encode(), "no_amounts"),
        (b"", "unreadable"),
        (b"%PDF-1.4", "unreadable"),
        (b"x" * (4 << 20) + b"x", "too_large"),
    ],
)
def test_a_file_that_is_no_table_of_statements_is_refused(shop: None, content: bytes, code: str) -> None:
    with pytest.raises(StatementFileRefused) as refused:
        actions.check_statements(content, by=BY)
    assert refused.value.code == code
    assert refused.value.words or refusals.file(code)


def test_a_workbook_and_the_template_are_read_as_they_are(shop: None) -> None:
    customer = firm("好客贸易")
    number = customers.lines(BY, [customer])[customer].number
    text = queries.template().replace("K0000000001", number)
    assert actions.check_statements(text.encode(), by=BY).new == 1
    rows = [line.split(",") for line in text.lstrip("\ufeff").splitlines()]
    content = workbook({"报表": rows})
    assert zipfile.is_zipfile(io.BytesIO(content))
    told = actions.check_statements(content, by=BY)
    assert (told.new, told.left_out) == (1, 0)
    actions.record_statements(content, by=BY)
    found = queries.analysis(BY, customer, customers.record_ids_of(customer))
    assert found is not None and found.ratios["current_ratio"].value == 1.8


def test_bringing_in_statements_needs_its_right(shop: None) -> None:
    with pytest.raises(Forbidden):
        actions.check_statements(file(), by=secure.viewer_of(hire("agent")))

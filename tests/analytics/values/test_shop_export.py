"""A Taobao export as it comes: GBK, ="3515…", apostrophes, 0元, postcodes in brackets."""

import csv

import pytest

from tests.analytics.published import published
from zhike_analytics.values import address, amount, lost_digits, moment, person, phone, strip_export_quirks


@pytest.fixture
def rows() -> list[dict[str, str]]:
    path = published("shop_import_headers/format_sample_taobao_ExportOrderList.gbk.csv")
    with path.open(encoding="gbk", newline="") as file:
        return [
            {
                name.strip(): strip_export_quirks(cell or "")
                for name, cell in row.items()
                if name and isinstance(cell, str)
            }
            for row in csv.DictReader(file)
        ]


def test_every_value_of_a_real_layout_is_understood(rows: list[dict[str, str]]) -> None:
    assert rows
    for row in rows:
        assert row["订单编号"].isdigit() and not lost_digits(row["订单编号"])
        assert phone(row["联系手机"]).kind == "mobile"
        assert person(row["收货人姓名"]).kind == "chinese"
        found = address(row["收货地址"])
        assert found.province and found.city and len(found.postcode) == 6
        assert moment(row["订单创建时间"]).at.year == 2021
        assert amount(row["总金额"]).cents >= 0

"""Personal values never reach the log, whoever logs them."""

import json
import logging

import pytest

from zhike.config.logging import JsonLines
from zhike.kit.scrub import Scrub, scrub


@pytest.mark.parametrize(
    "value",
    ["13800138000", "138 0013 8000", "+86 138-0013-8000", "+44 7911 123456", "li.ming@example.com", "11010519491231002X",
     "6222020200112233445"],
)  # fmt: skip
def test_a_personal_pattern_is_replaced_by_its_kind(value):
    cleaned = scrub(f"客户{value}来电")
    assert value not in cleaned
    assert cleaned.startswith("客户[")


@pytest.mark.parametrize(
    "value", ["job 1234567 done", "2026-11-22 05:54:38.275", "3.1415926535897932", "run 42 of 541909 rows"]
)
def test_ids_dates_and_counts_stay_readable(value):
    assert scrub(value) == value


def test_an_exception_leaves_its_place_and_kind_but_not_its_words():
    record = logging.makeLogRecord({"msg": "import of %s failed", "args": ("13800138000",), "levelname": "ERROR"})
    try:
        raise ValueError("bad phone 13800138000 of 李明")
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    Scrub().filter(record)
    line = json.loads(JsonLines("web").format(record))
    assert line["text"] == "import of [phone] failed"
    assert "test_scrub.py" in line["trace"]
    assert "ValueError" in line["trace"]
    assert "李明" not in json.dumps(line, ensure_ascii=False)

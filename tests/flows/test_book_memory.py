"""A book of five volumes takes no more memory than one of a single volume: each is set by a process of its own."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator

from tests import pdf_text
from zhike.desk.printing import book
from zhike.desk.printing.book import Book, BookRow
from zhike.desk.printing.sheet import Mark
from zhike.ui.typeset import compiled

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"


def rows(count: int) -> Iterator[BookRow]:
    for n in range(count):
        name = f"{SURNAMES[n % 20]}{SURNAMES[n // 20 % 20]}{n}"
        yield BookRow(
            name, f"K{n:07d}", (f"K{n:07d}", name, "138****0001", "浙江杭州", "现有客户", "2026-01-02", "1234.50")
        )


def bound(count: int) -> tuple[bytes, int, int]:
    """The book, the most memory Python held meanwhile, and how many volumes were set."""
    made = Book(
        "客户名册",
        [("制表日期", "2026-11-30")],
        ["编号", "姓名", "手机", "地区", "阶段", "最近", "净额"],
        frozenset({6}),
        Mark("导出", "小林", "2026-11-30"),
        False,
    )
    stream, volumes = io.BytesIO(), []
    tracemalloc.start()
    assert book.bind(stream, made, rows(count), count, progress=volumes.append) == count
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return stream.getvalue(), peak, len(volumes)


def test_a_book_grows_by_volumes_and_not_by_memory(monkeypatch) -> None:
    asked: list[int] = []

    def counted(layout: str, data: dict, **more: object):
        asked.append(len(data["rows"]))
        return compiled(layout, data, **more)

    monkeypatch.setattr(book, "compiled", counted)
    monkeypatch.setattr(book, "VOLUME", 100)  # a tenth of a volume, so that the story takes seconds
    _one, small, _ = bound(100)
    content, large, volumes = bound(500)
    assert volumes == 5 and max(asked) == book.VOLUME, "no process is given more than a volume"
    assert large < small + 2_000_000, (small, large)
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        names = folder.namelist()
        assert len(names) == 6
        last = pdf_text.pages_of(folder.read(names[4]))
        assert "K0000499" in last[-1].replace("\n", "")
        index = pdf_text.text_of(folder.read(names[-1])).replace("\n", "")
        assert index.count("K0000499") == 2, "by name and by number"

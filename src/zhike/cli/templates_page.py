"""The reference page of import templates, read from their files."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from zhike.collect.mapping import Mapping, templates

Table = Callable[[Sequence[str], Iterable[Sequence[str]]], Iterator[str]]

_INTRO = {
    "en": (
        "A template is a [mapping file](mapping-files.md) that ships with Zhike (`src/zhike/collect/templates_import/`). A file is "
        "recognized when all telling headers are there; of several templates that fit, the one that knows most of the headers is "
        "taken. Width, letter case and blanks in headers do not matter (`联系电话 ` = `联系电话`). Every template reads CSV, XLSX and JSON Lines alike."
    ),
    "zh": (
        "模板就是知客自带的[对照文件](mapping-files.md)（在 `src/zhike/collect/templates_import/`）。标志性的列都在，就认出是哪种文件；"
        "几个模板都符合时，取认识列最多的。列名的全半角、大小写、空格都不影响。每个模板都能读 CSV、XLSX 和 JSON Lines。"
    ),
}
_OUTRO = {
    "en": (
        "A status word a template does not know keeps its order out and is named with its row, so that no order counts as revenue by "
        "guess. Copy the template, add the word, and import with `--mapping`."
    ),
    "zh": "模板不认识的状态词会使该订单不导入，并写明行号，不会凭猜测算成收入。把模板复制一份，加上这个词，用 `--mapping` 导入即可。",
}
_HEADS = {
    "en": ("code", "file", "row per", "customer known by", "joins others by", "notes"),
    "zh": ("代码", "文件", "每行是", "凭什么认客户", "凭什么并入已知客户", "说明"),
}
_ROWS = {
    "en": {
        "order": "order",
        "line": "line",
        "customers": "customer",
        "products": "product",
        "tags": "tag",
        "cases": "case",
        "visits": "act of a visitor",
    },
    "zh": {
        "order": "订单",
        "line": "明细",
        "customers": "客户",
        "products": "商品",
        "tags": "标签",
        "cases": "售后单",
        "visits": "访客的一个动作",
    },
}
_NOBODY = {"en": "nobody: the platform does not tell", "zh": "无：平台不给买家"}


def lines(language: str, table: Table) -> Iterator[str]:
    """The page in `en` or `zh`: one row per template, then the headers each is recognized by and the columns it reads."""
    yield from (_INTRO[language], "")
    yield from table(_HEADS[language], [_row(code, found, language) for code, found in templates().items()])
    yield from ("", _OUTRO[language])
    heads = {"en": ("template", "recognized by"), "zh": ("模板", "标志性的列")}[language]
    yield ""
    yield from table(heads, [(f"`{code}`", " · ".join(found.recognized_by)) for code, found in templates().items()])


def _row(code: str, found: Mapping, language: str) -> tuple[str, ...]:
    row_per = _ROWS[language].get(found.kind) or _ROWS[language][found.row_per]
    keys = " / ".join(" + ".join(pick.named) for _, pick in found.keys)
    if not keys and found.missing == "platform":
        keys = _NOBODY[language]
    joins = ", ".join(f"`{name}`" for name in found.joins) if keys else ""
    return f"`{code}`", found.titles.get(language, code), row_per, keys, joins, found.notes.get(language, "")

"""The reference pages that the program writes about itself: `python -m zhike.cli.reference` (with --check: are they current?).

Commands, permissions, audited acts, roles, events and fields are read from their registries, so that a page cannot say
anything else than the program does. Chinese words are read from the translation files.
"""

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import click

DOCS = Path(__file__).resolve().parents[3] / "docs"
_LANGUAGES = {"en": DOCS / "reference", "zh": DOCS / "zh" / "reference"}
_MADE_BY = {
    "en": "*Written by `python -m zhike.cli.reference` from the program itself; do not edit.*",
    "zh": "*本页由 `python -m zhike.cli.reference` 根据程序生成，请勿手工修改。*",
}


def pages() -> Iterator[tuple[Path, str]]:
    """(file, content) of every generated page, in both languages."""
    from zhike.cli.command import set_up_django

    set_up_django()
    from django.utils import translation

    from zhike.kit.jobs.registry import discover

    discover()
    with translation.override("en"):
        for language, folder in _LANGUAGES.items():
            for name, write in (
                ("cli", cli),
                ("permissions", permissions),
                ("events", events),
                ("fields", fields),
                ("templates", templates),
                ("metrics", metrics),
                ("everything", everything),
                ("api", api),
            ):
                yield folder / f"{name}.md", "\n".join([*write(language), ""])
        yield _LANGUAGES["en"] / "openapi.json", json.dumps(_open_api(), ensure_ascii=False, indent=1) + "\n"


def cli(language: str) -> Iterator[str]:
    """Every command with its arguments and options, as `--help` tells them."""
    from zhike.cli import zhike

    yield from _head(language, "Command line", "命令行")
    yield {
        "en": "All commands take `--json` (one JSON object on standard output) and read the data folder from `ZHIKE_HOME`. "
        "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 not found, 4 conflict or locked.",
        "zh": "所有命令都可加 `--json`（标准输出只有一个 JSON 对象），数据目录由 `ZHIKE_HOME` 指定。"
        "退出码：0 完成，1 被拒绝或失败，2 用法错误，3 未找到，4 冲突或被占用。",
    }[language]
    context = click.Context(zhike, info_name="zhike")
    for name in zhike.list_commands(context):
        found = zhike.get_command(context, name)
        if found is not None:
            yield from _command(found, f"zhike {name}")


def _command(found: click.Command, path: str) -> Iterator[str]:
    yield from ("", f"## `{path}`", "", " ".join((found.help or "").split()), "")
    if isinstance(found, click.Group):
        for name, inner in sorted(found.commands.items()):
            yield from (line.replace("## ", "### ", 1) for line in _command(inner, f"{path} {name}"))
        return
    context = click.Context(found, info_name=path)
    pieces = found.collect_usage_pieces(context)
    yield f"    {path} {' '.join(pieces)}"
    rows = [row for row in (p.get_help_record(context) for p in found.get_params(context)) if row]
    if rows:
        yield ""
        yield from _table(("option", ""), [(f"`{option}`", text) for option, text in rows])


def permissions(language: str) -> Iterator[str]:
    """Permission codes, built-in roles and audited acts."""
    from zhike.secure import audit_actions, builtin_roles
    from zhike.secure import permissions as registry

    yield from _head(language, "Permissions, roles, audited acts", "权限、角色与审计动作")
    words = {"en": ("Permissions", "code", "meaning"), "zh": ("权限", "代码", "含义")}[language]
    yield from ("", f"## {words[0]}", "")
    codes = registry.registry()
    yield from _table(words[1:], [(f"`{code}`", _say(label, language)) for code, label in sorted(codes.items())])
    heads = {
        "en": ("Roles as shipped", "role", "name", "scope", "reveals an hour", "permissions"),
        "zh": ("内置角色", "角色", "名称", "范围", "每小时查看明文", "权限"),
    }[language]
    yield from ("", f"## {heads[0]}", "")
    rows = []
    for role in builtin_roles.BUILTIN:
        name = role.zh if language == "zh" else role.en
        held = "*" if role.permissions == "*" else " ".join(f"`{code}`" for code in role.permissions.split())
        rows.append((f"`{role.code}`", name, role.scope, str(role.reveals_per_hour), held))
    yield from _table(heads[1:], rows)
    acts = {"en": ("Audited acts", "code", "meaning"), "zh": ("审计动作", "代码", "含义")}[language]
    yield from ("", f"## {acts[0]}", "")
    yield from _table(
        acts[1:], [(f"`{code}`", _say(label, language)) for code, label in sorted(audit_actions.ACTIONS.items())]
    )


def events(language: str) -> Iterator[str]:
    """What modules announce to those above them."""
    from zhike.kit.events import Event

    yield from _head(language, "Events", "事件")
    yield {
        "en": "Announced in the past tense, with ids and counts, never personal values. Each also carries `event_id`, "
        "`occurred_at` and `is_backfill`.",
        "zh": "事件用过去式命名，只带编号与数量，不带个人信息。每个事件另有 `event_id`、`occurred_at`、`is_backfill`。",
    }[language]
    own = {field.name for field in dataclasses.fields(Event)}
    rows = []
    for name, kind in sorted(Event.kinds.items()):
        if name.startswith("zhike."):
            given = ", ".join(f"`{f.name}`" for f in dataclasses.fields(kind) if f.name not in own)
            first = (kind.__doc__ or "").split("\n\n")[0]
            rows.append((f"`{name.removeprefix('zhike.').replace('.events.', '.')}`", given, " ".join(first.split())))
    heads = {"en": ("event", "carries", "meaning"), "zh": ("事件", "内容", "含义")}[language]
    yield ""
    yield from _table(heads, rows)


def fields(language: str) -> Iterator[str]:
    """The field catalogue."""
    from zhike.secure import fields as catalogue

    yield from _head(language, "Field catalogue", "字段目录")
    yield {
        "en": "One row per field decides who may see it (class), how it lies (form), its mask, how it is found, whether lists "
        "filter by it, what enters the lake, and whether it may be exported. Kinds: text, long (a long text), list (several "
        "words), number, date, choice, many (several choices), yes_no. Fields a merchant defines (`custom.<code>`) follow the "
        "same rules; they stand on the page “Own fields”.",
        "zh": "每个字段一行：级别决定谁能看，形态决定怎么存，另有掩码、查找方式、能否筛选、进入数据湖的内容、能否导出。"
        "类型：text 文字，long 长文本，list 多个词，number 数字，date 日期，choice 单选，many 多选，yes_no 是否。"
        "商家自定义的字段（`custom.<代码>`）走同样的规则，见“自定义字段”页。",
    }[language]
    heads = {
        "en": "field|name|about|group|kind|class|form|mask|found by|filter|lake|export|erasure",
        "zh": "字段|名称|对象|分组|类型|级别|形态|掩码|查找|筛选|数据湖|导出|删除",
    }[language].split("|")
    rows = []
    for f in catalogue.product_fields():
        marks = ("✓" if f.facet else "", f.lake, "✓" if f.export else "", f.erase)
        group = _say(catalogue.group_label(f.group), language)
        found_by = ", ".join(f.lookup)
        rows.append(
            (f"`{f.name}`", _say(f.label, language), f.about, group, f.kind, f.cls, f.form, f.mask, found_by, *marks)
        )
    yield ""
    yield from _table(heads, rows)


def templates(language: str) -> Iterator[str]:
    """The import templates that ship with the program."""
    from zhike.cli.templates_page import lines

    yield from _head(language, "Import templates", "导入模板")
    yield from lines(language, _table)


def api(language: str) -> Iterator[str]:
    """The operations below /api/v1, their scopes and the problems they answer."""
    from zhike.api.problems import KINDS
    from zhike.api.reference import groups
    from zhike.api.scopes import scopes

    yield from _head(language, "API", "API 接口")
    yield {
        "en": "The whole document, with every parameter and field class, is [openapi.json](openapi.json) (OpenAPI 3.1); the product shows it "
        "under *Security → API tokens → Reference*, and `/api/v1/openapi.json` gives it to a token.",
        "zh": "完整文档见 [openapi.json](../../reference/openapi.json)（OpenAPI 3.1），含全部参数与字段级别；产品内见“安全 → API 令牌 → 接口文档”，"
        "程序可带令牌读取 `/api/v1/openapi.json`。",
    }[language]
    heads = {"en": ("operation", "scope", "permission", "meaning"), "zh": ("接口", "范围", "权限", "含义")}[language]
    for tag, entries in groups(_open_api()):
        yield from ("", f"## {_say(tag, language)}", "")
        rows = [
            (f"`{e.method} {e.address}`", f"`{e.scope}`", f"`{e.permission}`", _say(e.title, language)) for e in entries
        ]
        yield from _table(heads, rows)
    words = {"en": ("Scopes", "scope", "meaning", "lends"), "zh": ("范围", "范围", "含义", "可用权限")}[language]
    yield from ("", f"## {words[0]}", "")
    lent = [
        (f"`{s.code}`", _say(s.label, language), " ".join(f"`{p}`" for p in sorted(s.permissions))) for s in scopes()
    ]
    yield from _table(words[1:], lent)
    names = {
        "en": ("Problems", "code", "status", "title", "what to do"),
        "zh": ("错误", "代码", "状态", "标题", "怎么办"),
    }[language]
    yield from ("", f"## {names[0]}", "")
    told = KINDS.items()
    problems = [(f"`{c}`", str(k.status), _say(k.title, language), _say(k.advice, language)) for c, k in told]
    yield from _table(names[1:], problems)


@cache
def _open_api() -> dict[str, Any]:
    from zhike.api.assembly import document

    return document()


def metrics(language: str) -> Iterator[str]:
    """What the page for Prometheus tells."""
    from zhike.kit import gauges

    yield from _head(language, "Metrics", "监控指标")
    yield {
        "en": "What `/metrics` tells. How to read it, and which alarms to set: [Watch an installation](../how-to/watch.md). "
        "`zhike_web_*` (memory, processor, open files of the web process) come with it.",
        "zh": "`/metrics` 提供的指标。如何采集、该设哪些告警：[监控运行状况](../how-to/watch.md)。"
        "另有 `zhike_web_*`（网页进程的内存、处理器与打开的文件）。",
    }[language]
    rows = [
        (f"`{g.name}`", ", ".join(f"`{label}`" for label in g.labels), _say(g.about, language)) for g in gauges.gauges()
    ]
    timed = {
        "en": "How long requests took, by the name of their route (a histogram).",
        "zh": "各路由的请求耗时（直方图）。",
    }
    rows.append(("`zhike_request_seconds`", "`route`, `method`, `status`", timed[language]))
    failed = {"en": "1: this gauge could not be read.", "zh": "1：该指标未能读取。"}
    rows.append(("`zhike_gauge_failed`", "`gauge`", failed[language]))
    yield ""
    yield from _table({"en": ("metric", "labels", "meaning"), "zh": ("指标", "标签", "含义")}[language], sorted(rows))


def everything(language: str) -> Iterator[str]:
    """What `zhike export everything` writes, table by table."""
    from zhike.protect.everything import tables

    yield from _head(language, "Everything, table by table", "全部数据：逐表")
    yield {
        "en": "What `zhike export everything` writes. The frame around it, and the kinds: [The open format](open-format.md). "
        "Columns without a kind are text.",
        "zh": "`zhike export everything` 写出的内容。目录结构与类型说明见[开放格式](open-format.md)。未标类型的列为文本。",
    }[language]
    heads = {"en": ("table", "key", "columns"), "zh": ("表", "键", "列")}[language]
    yield from ("", "## " + {"en": "Tables that travel", "zh": "导出的表"}[language], "")
    rows = [
        (
            f"`{t.name}`",
            ", ".join(t.key),
            ", ".join(c.name if c.kind == "text" else f"{c.name} *{c.kind}*" for c in t.columns),
        )
        for t in sorted(tables.travelling(), key=lambda t: t.name)
    ]
    yield from _table(heads, rows)
    why = {
        "machine": {"en": "belongs to one machine", "zh": "只属于这台机器"},
        "credential": {"en": "lets somebody in", "zh": "登录凭据"},
        "file": {"en": "its files are gone after a day", "zh": "文件一天后即销毁"},
        "key": {"en": "a key: made anew", "zh": "密钥，重新生成"},
    }
    yield from ("", "## " + {"en": "What stays", "zh": "不导出的内容"}[language], "")
    stays = [(f"`{name}`", why[reason][language]) for name, reason in tables.STAYS.items()]
    stays += [(f"`{table}.{column}`", why[reason][language]) for (table, column), reason in tables.COLUMNS_STAY.items()]
    yield from _table({"en": ("what", "why"), "zh": ("内容", "原因")}[language], sorted(stays))


def _head(language: str, english: str, chinese: str) -> Iterator[str]:
    yield from (f"# {english if language == 'en' else chinese}", "", _MADE_BY[language], "")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "| " + " | ".join("---" for _ in heads) + " |"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


def _say(label: Any, language: str) -> str:
    """A label in a language; the English one where the translation is missing."""
    text = str(label)
    return _chinese().get(text, text) if language == "zh" else text


@cache
def _chinese() -> dict[str, str]:
    """Translations by message, from the .po files themselves, so that nothing needs to be compiled.

    A label has lost its context here: where a message stands with one and without, it is the one without.
    """
    import polib

    from zhike.kit.messages import LOCALE

    files = sorted(LOCALE.glob("*/zh_Hans/LC_MESSAGES/django.po"))
    told = [e for file in files for e in polib.pofile(str(file)) if e.msgstr and not e.obsolete]
    return {e.msgid: e.msgstr for e in sorted(told, key=lambda e: not e.msgctxt)}


def main() -> int:
    """Write the pages, or say which are not current."""
    is_check = "--check" in sys.argv
    stale = [(file, text) for file, text in pages() if not file.exists() or file.read_text(encoding="utf-8") != text]
    for file, text in stale:
        print(("not current: " if is_check else "written: ") + str(file.relative_to(DOCS.parent)))
        if not is_check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())

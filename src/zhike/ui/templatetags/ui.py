"""The building blocks as template tags: `{% load ui %}`; /ui/ shows each of them."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from zhike.ui import figures, marks, names
from zhike.ui.folding import constant
from zhike.ui.forms import control_class

register = template.Library()

for _mark in (marks.icon, marks.badge, marks.rfm_badge, marks.tag, marks.avatar, marks.origin):
    register.simple_tag(_mark)
constant(marks.icon)


@register.simple_tag
def money(cents: int | None, currency: str = "CNY") -> SafeString:
    """`{% money order.total_cents order.currency %}` → ¥1,234.50, tabular."""
    return format_html('<span class="num">{}</span>', figures.money_text(cents, currency))


@register.simple_tag
def price(stated: str, currency: str = "CNY") -> SafeString:
    """`{% price p.unit_price row.currency %}`: the price of one piece, ¥268.00, finer than a cent where it is so."""
    return format_html('<span class="num">{}</span>', names.price_text(stated, currency))


@register.simple_tag
def number(value: int | float | Decimal | None, digits: int = 0) -> SafeString:
    """`{% number 1234567 %}` → 1,234,567."""
    return format_html('<span class="num">{}</span>', figures.number(value, digits))


@register.simple_tag
def share(value: float | None, digits: int = 1) -> SafeString:
    """`{% share 0.123 %}` → 12.3%."""
    return format_html('<span class="num">{}</span>', figures.share_text(value, digits))


@register.simple_tag
def moment(at: dt.datetime | None) -> SafeString | str:
    """`{% moment order.paid_at %}`: relative in the shop's zone, exact on hover."""
    return figures.moment_html(at)


@register.simple_tag
def day(value: dt.date | None) -> SafeString | str:
    """`{% day order.day %}`: a calendar day."""
    return figures.day_html(value)


@register.simple_tag
def span(seconds: float) -> str:
    """`{% span 95 %}` → 1 min."""
    return figures.span_text(seconds)


@register.inclusion_tag("ui/parts/toast.html")
def toast(message: Any) -> dict[str, Any]:
    """One of Django's messages as a toast."""
    tones = {
        "success": ("good", "circle-check"),
        "warning": ("warn", "alert-triangle"),
        "error": ("bad", "alert-circle"),
    }
    tone, name = tones.get(message.level_tag, ("info", "info-circle"))
    return {"message": message, "tone": tone, "icon": name}


@register.inclusion_tag("ui/parts/stat.html")
def stat(
    label: str, value: Any, href: str = "", *, note: str = "", trend: float | None = None, up_is_good: bool = True
) -> dict[str, Any]:
    """A figure that is a link to the customers behind it; `trend` is the change as a share (0.05 = +5 %)."""
    direction = "flat" if not trend else "up" if trend > 0 else "down"
    good = direction == "flat" or (direction == "up") == up_is_good
    return {
        "label": label, "value": value, "href": href, "note": note, "direction": direction, "good": good,
        "trend": None if trend is None else figures.share_text(abs(trend)),
    }  # fmt: skip


@register.inclusion_tag("ui/parts/field_row.html")
def field_row(
    label: str, value: Any = "", *, sight: str = "shown", reveal_url: str = "", why_url: str = "", origin: str = "",
    origin_title: str = "", edit_url: str = "", copy: bool = False, code: str = "",
) -> dict[str, Any]:  # fmt: skip
    """One value of a file. `sight` is shown, masked or hidden; a masked value with `reveal_url` offers to be opened.

    The reveal view answers `ui/parts/revealed.html`; the value leaves the page after 30 seconds.
    """
    return {
        "label": label, "value": value, "sight": sight, "reveal_url": reveal_url, "why_url": why_url, "origin": origin,
        "origin_title": origin_title, "edit_url": edit_url, "copy": copy, "code": code,
    }  # fmt: skip


@register.inclusion_tag("ui/parts/empty.html")
def empty(
    name: str, title: str, words: str = "", url: str = "", action: str = "", *, second_url: str = "", second: str = ""
) -> dict[str, Any]:
    """What stands where nothing is yet: an icon, one sentence and what to do next."""
    return {
        "icon": name,
        "title": title,
        "words": words,
        "url": url,
        "action": action,
        "second_url": second_url,
        "second": second,
    }


@register.inclusion_tag("ui/parts/progress.html")
def progress(
    done: int,
    total: int | None,
    label: str = "",
    *,
    state: str = "running",
    left_seconds: float | None = None,
    url: str = "",
) -> dict[str, Any]:
    """A job's progress: state queued, running, paused, done, failed or cancelled; `url` polls itself while it runs."""
    part = done / total if total else None
    return {
        "done": done, "total": total, "label": label, "state": state, "url": url, "part": figures.share_text(part, 0),
        "moving": state in {"queued", "running"}, "left": figures.span_text(left_seconds) if left_seconds else "",
    }  # fmt: skip


@register.inclusion_tag("ui/parts/tabs.html", takes_context=True)
def tabs(context: template.Context, views: Iterable[dict[str, Any]], label: str = "") -> dict[str, Any]:
    """Views as tabs: dicts of label, url and, if wanted, count, icon, current (else the address decides)."""
    path = context["request"].get_full_path() if "request" in context else ""
    shown = [{**v, "current": v.get("current", v["url"] == path)} for v in views]
    return {"views": shown, "label": label or gettext("Views")}


@register.inclusion_tag("ui/parts/filters.html", takes_context=True)
def filters(context: template.Context, chips: Iterable[dict[str, Any]], clear_url: str = "") -> dict[str, Any]:
    """Active filters as chips: dicts of label, value, remove_url and, if wanted, edit_url."""
    return {"chips": list(chips), "clear_url": clear_url}


@register.inclusion_tag("ui/parts/sort_th.html", takes_context=True)
def sort_th(
    context: template.Context, code: str, label: str, *, number: bool = False, first: str = "up"
) -> dict[str, Any]:
    """A heading that sorts by `?sort=code` or `-code`; keeps the other parameters, forgets the page. first="down" starts descending."""
    request = context["request"]
    now = context.get("sort") or request.GET.get("sort", "")
    direction = "up" if now == code else "down" if now == f"-{code}" else ""
    turn = {"": first, "up": "down", "down": "up"}[direction]
    target = code if turn == "up" else f"-{code}"
    return {"label": label, "number": number, "direction": direction, "url": _with(request.GET, sort=target)}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: Any, *, count: str = "") -> dict[str, Any]:
    """Keyset paging under a list: `page.next_key`/`page.previous_key` become ?after= / ?before=; `count` is said as given."""
    query = context["request"].GET
    after, before = _of(page, "next_key"), _of(page, "previous_key")
    return {
        "next": _with(query, after=after) if after else "", "previous": _with(query, before=before) if before else "", "count": count,
    }  # fmt: skip


@register.inclusion_tag("ui/parts/timeline_item.html")
def timeline_item(
    name: str,
    title: Any,
    at: dt.datetime,
    *,
    words: Any = "",
    url: str = "",
    tone: str = "neutral",
    who: str = "",
    source: str = "",
) -> dict[str, Any]:
    """Anything that happened with a customer, in `<ol class="timeline-zk">`."""
    return {
        "icon": name,
        "title": title,
        "at": at,
        "words": words,
        "url": url,
        "tone": tone,
        "who": who,
        "source": source,
    }


@register.inclusion_tag("ui/parts/bar_list.html")
def bar_list(rows: Iterable[dict[str, Any]], caption: str = "") -> dict[str, Any]:
    """Shares as bars: dicts of label, value (number), shown (text) and, if wanted, url, tone. Longest bar = greatest value."""
    held = list(rows)
    return {"rows": held, "top": max((r["value"] for r in held), default=0) or 1, "caption": caption}


@register.inclusion_tag("ui/parts/chart.html")
def chart(
    code: str, spec: dict[str, Any], *, table: dict[str, Any] | None = None, download_url: str = "", height: str = "md"
) -> dict[str, Any]:
    """A chart drawn lazily from `spec` (see islands/charts.js), with its table {"head": […], "rows": [[…]]} beside it."""
    return {"code": code, "spec": spec, "table": table, "download_url": download_url, "height": height}


@register.inclusion_tag("ui/parts/checklist.html")
def checklist(steps: Iterable[dict[str, Any]], title: str = "") -> dict[str, Any]:
    """First steps: dicts of title, words, url, action, done."""
    held = list(steps)
    return {"steps": held, "title": title, "done": sum(1 for s in held if s["done"]), "total": len(held)}


@register.inclusion_tag("ui/parts/command.html")
def command(text: str, title: str = "") -> dict[str, Any]:
    """A command or code to copy."""
    return {"text": text, "title": title}


@register.inclusion_tag("ui/parts/skeleton.html")
@constant
def skeleton(lines: int = 3) -> dict[str, Any]:
    """Grey lines in the place of what is on its way."""
    return {"lines": range(lines)}


@register.simple_block_tag
def callout(content: str, tone: str = "info", title: str = "") -> SafeString:
    """`{% callout "warn" "Title" %}words{% endcallout %}`: a note inside a page; tone info, good, warn or bad."""
    names = {"info": "info-circle", "good": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}
    head = format_html("<strong>{}</strong>", title) if title else ""
    role = "alert" if tone == "bad" else "note"
    return format_html(
        '<div class="callout tone-{}" role="{}">{}<div>{}<div>{}</div></div></div>',
        tone,
        role,
        marks.icon(names.get(tone, "info-circle")),
        head,
        content,
    )


@register.simple_block_tag
def panel(content: str, title: str = "", note: str = "", flush: bool = False, code: str = "") -> SafeString:
    """`{% panel "Title" %}…{% endpanel %}`: a bordered part of a page; `flush=True` for a table that touches the edges."""
    head = ""
    if title:
        tail = format_html('<span class="panel-note">{}</span>', note) if note else ""
        head = format_html('<header class="panel-head"><h2>{}</h2>{}</header>', title, tail)
    return format_html(
        '<section class="panel{}"{}>{}<div class="panel-body">{}</div></section>',
        " panel-flush" if flush else "", format_html(' id="{}"', code) if code else "", head, content,
    )  # fmt: skip


@register.simple_block_tag
def dialog(content: str, code: str, title: str, wide: bool = False) -> SafeString:
    """`{% dialog "merge" "Merge files" %}…{% enddialog %}`, opened by `<button data-open="merge">`."""
    return format_html(
        '<dialog class="sheet{}" id="{}" aria-labelledby="{}-title"><header class="sheet-head"><h2 id="{}-title">{}</h2>'
        '<button type="button" class="tool" data-close aria-label="{}">{}</button></header><div class="sheet-body">{}</div></dialog>',
        " sheet-wide" if wide else "", code, code, code, title, gettext("Close"), marks.icon("x"), content,
    )  # fmt: skip


@register.simple_block_tag
def menu(content: str, label: str, name: str = "", tone: str = "") -> SafeString:
    """`{% menu "More" "dots" %}<a class="menu-item">…{% endmenu %}`; works without scripts."""
    return format_html(
        '<details class="menu"><summary class="btn{}">{}<span>{}</span>{}</summary><div class="menu-sheet">{}</div></details>',
        f" btn-{tone}" if tone else "", marks.icon(name) if name else "", label, marks.icon("chevron-down", "sm"), content,
    )  # fmt: skip


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """`{{ labels|get:code }}`: the entry of a mapping, empty when there is none."""
    return mapping.get(key, "")


def _with(query: QueryDict, **changes: Any) -> str:
    """The query text with parameters changed and the page forgotten."""
    changed = query.copy()
    for key in ("after", "before"):
        changed.pop(key, None)
    for key, value in changes.items():
        changed[key] = str(value)
    return f"?{changed.urlencode()}"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The bare control of a form field in our dress, tied to its error when it has one."""
    dress = f"{field.field.widget.attrs.get('class', '')} {control_class(field)}".strip()
    described = {"aria-describedby": f"{field.auto_id}_error"} if field.errors else {}
    return field.as_widget(attrs={"class": dress, **described})


@register.inclusion_tag("ui/parts/heat_map.html")
def heat_map(rows: Iterable[dict[str, Any]], side: str = "R", foot: str = "F") -> dict[str, Any]:
    """5 × 5: rows {"r": 5, "cells": [{"f": 1, "count": 12, "level": 3, "url": …, "note": …}]}, level 0–9."""
    return {"rows": list(rows), "side": side, "foot": foot}


@register.simple_tag
def select_all_th() -> SafeString:
    """The heading cell that selects every row shown."""
    return format_html(
        '<th scope="col" class="check-col"><input type="checkbox" class="form-check-input" data-select-all aria-label="{}"></th>',
        gettext("Select all rows shown"),
    )


@register.simple_tag
def select_td(value: Any, name: str = "", form: str = "") -> SafeString:
    """The cell that selects its row; posts as `selected`, with the form of that id where it stands outside of it."""
    owner = format_html(' form="{}"', form) if form else ""
    return format_html(
        '<td class="check-col"><input type="checkbox" class="form-check-input" name="selected" value="{}"{} data-select aria-label="{}"></td>',
        value, owner, gettext("Select %(name)s") % {"name": name},
    )  # fmt: skip


@register.simple_block_tag
def bulk_bar(content: str, matching: str = "") -> SafeString:
    """Inside `<form data-list>`: appears with a selection; `matching` (a text like "12,480") offers all that match, posted as all_matching=1."""
    offer = ""
    if matching:
        offer = format_html(
            '<label class="bulk-offer" data-bulk-offer hidden><input type="checkbox" name="all_matching" value="1">{}</label>',
            gettext("All %(count)s matching") % {"count": matching},
        )
    return format_html(
        '<div class="bulk" data-bulk hidden role="region" aria-label="{}"><span><b class="num" data-bulk-count>0</b> {}</span>{}{}'
        '<button type="button" class="mini" data-bulk-clear aria-label="{}">{}</button></div>',
        gettext("Selection"), gettext("selected"), offer, content, gettext("Clear selection"), marks.icon("x", "sm"),
    )  # fmt: skip


def _of(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)

"""How each building block is written, as the living page shows it; the same words stand in docs/explanation/pages.md."""

SNIPPETS = {
    "marks": """{% badge _("Paid") "good" dot=True %}
{% rfm_badge code label "5·5·5" %}
{% tag name hue remove_url %}  {% avatar name "lg" %}
<button class="btn btn-primary">…</button>  btn · btn-soft · btn-quiet · btn-danger · btn-sm
{% moment at %} {% day date %} {% money cents currency %} {% share 0.12 %} {% number n %}""",
    "values": """<dl class="rows">
{% field_row _("Phone") masked sight="masked" reveal_url=url why_url=why
   origin="stated" origin_title=_("Stated by the customer") %}
</dl>  origin: verified · stated · imported · guessed""",
    "list": """<form class="list" data-list method="post">{% csrf_token %}
<div class="table-wrap"><table class="table list-table">
<thead><tr>{% select_all_th %}{% sort_th "spent" _("Spent") number=True first="down" %}</tr></thead>
<tbody><tr data-row data-href="{{ url }}">{% select_td id name %}<td>…</td></tr></tbody>
</table></div>
{% bulk_bar "12,480" %}<button class="btn btn-sm">…</button>{% endbulk_bar %}
{% pager page count="1–50 of 12,480" %}</form>""",
    "heat": '{% heat_map rows %}  rows: [{"r": 5, "cells": [{"f": 1, "count": 9, "level": 0–9, "url": "…", "note": "…"}]}]',
    "timeline": """<ol class="timeline-zk">
{% timeline_item "phone" title at words=words url=url tone="accent" who=who source=source %}
</ol>""",
    "bars": """{% bar_list rows %}  rows: [{"label", "value", "shown", "url", "tone"}]
{% progress done total label state="running" left_seconds=95 url=url %}""",
    "chart": '{% chart "orders" spec table=table download_url=url %}  spec: {"kind": "line", "labels": […], "series": [{"name", "values"}]}',
    "notes": """{% callout "warn" _("Title") %}…{% endcallout %}
{% command "zhike doctor" _("Title") %}""",
    "form": "{{ form }}  or  {{ form.name.as_field_group }}  or  {% control form.name %}",
    "steps": '{% checklist steps %}  steps: [{"title", "words", "url", "action", "done"}]',
    "empty": '{% empty "users" _("No customers yet") words url _("Import a file") second_url=url2 second=_("Add by hand") %}',
}

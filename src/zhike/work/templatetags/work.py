"""Filters of the templates of tasks."""

from django import template

from zhike.work import words

register = template.Library()


@register.filter
def readable(text: str) -> str:
    """A note for its reader: `{{ task.note|readable }}`."""
    return words.readable(text)

"""Questions about human tasks."""

from zhike.work.queries.counts import my_count, open_counts, summary, tab_counts
from zhike.work.queries.lists import facts_of, given_by_hand, open_tasks, task, tasks, tasks_about, visible
from zhike.work.queries.wording import file_tasks, first_of_each, shown

__all__ = [
    "facts_of",
    "file_tasks",
    "first_of_each",
    "given_by_hand",
    "my_count",
    "open_counts",
    "open_tasks",
    "shown",
    "summary",
    "tab_counts",
    "task",
    "tasks",
    "tasks_about",
    "visible",
]

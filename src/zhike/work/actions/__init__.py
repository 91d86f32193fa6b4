"""Verbs on human tasks: offer a list, open one, make one by hand, take, give, put off, close."""

from zhike.work.actions.assigning import (
    Given,
    assign_tasks,
    follow_owner,
    give_back,
    postpone_tasks,
    return_to_queue,
    take_task,
)
from zhike.work.actions.closing import (
    REST_DAYS,
    SNOOZE_DAYS,
    TaskRefused,
    close_task,
    finish_task,
    forget_tasks,
    settle_tasks,
)
from zhike.work.actions.making import make_task
from zhike.work.actions.offering import offer_tasks, open_task

__all__ = [
    "REST_DAYS",
    "SNOOZE_DAYS",
    "Given",
    "TaskRefused",
    "assign_tasks",
    "close_task",
    "finish_task",
    "follow_owner",
    "forget_tasks",
    "give_back",
    "make_task",
    "offer_tasks",
    "open_task",
    "postpone_tasks",
    "return_to_queue",
    "settle_tasks",
    "take_task",
]

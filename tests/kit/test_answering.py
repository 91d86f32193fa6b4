"""What one page asks more than once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.http import HttpRequest, HttpResponse

from zhike.kit.answering import middleware, once_a_page

asked: list[tuple[Any, ...]] = []


@once_a_page
def weight_of(name: str) -> list[str]:
    """A question that is counted."""
    asked.append((name,))
    return [name]


def request(method: str) -> HttpRequest:
    made = HttpRequest()
    made.method, made.path = method, "/"
    return made


def page(*names: str) -> Any:
    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse(",".join(weight_of(name)[0] for name in names))

    return middleware(view)


def test_a_page_that_reads_asks_the_same_question_once() -> None:
    asked.clear()
    assert page("tea", "tea", "cup", "tea")(request("GET")).content == b"tea,tea,cup,tea"
    assert asked == [("tea",), ("cup",)]


def test_the_next_page_asks_anew_also_after_one_that_failed() -> None:
    asked.clear()

    def broken(_: HttpRequest) -> HttpResponse:
        weight_of("tea")
        raise LookupError

    try:
        middleware(broken)(request("GET"))
    except LookupError:
        page("tea")(request("GET"))
    assert asked == [("tea",), ("tea",)]


def test_an_act_asks_each_time_because_it_may_have_changed_the_answer() -> None:
    asked.clear()
    page("tea", "tea")(request("POST"))
    assert asked == [("tea",), ("tea",)]


def test_outside_a_page_every_question_is_asked() -> None:
    asked.clear()
    assert weight_of("tea") == weight_of("tea") == ["tea"]
    assert asked == [("tea",), ("tea",)]


def test_two_pages_answered_at_once_do_not_share_what_they_were_told() -> None:
    asked.clear()

    async def view(_: HttpRequest) -> HttpResponse:
        weight_of("tea")
        await asyncio.sleep(0)
        weight_of("tea")
        return HttpResponse()

    async def both() -> None:
        answering = middleware(view)
        await asyncio.gather(answering(request("GET")), answering(request("GET")))

    with ThreadPoolExecutor(1) as aside:  # in this thread another loop may run: that of the browser's driver
        aside.submit(asyncio.run, both()).result()
    assert asked == [("tea",), ("tea",)]

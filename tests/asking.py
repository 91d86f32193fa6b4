"""Words are posted, never put into an address: `/search/?q=王` in a story means typing 王 there and following where it leads."""

from typing import Any

from django.test import Client

_BOXES = {"/search/": "/search/", "/search/suggest/": "/search/suggest/", "/customers/": "/customers/find/"}


def asked(browser: Client, url: str, *, follow: bool = False) -> Any:
    """The answer to an address, or to words typed into its search box. What a box leads to is always followed."""
    path, typed, words = url.partition("?q=")
    if not typed:
        return browser.get(url, follow=follow)
    return browser.post(_BOXES[path], {"q": words}, follow=True)


def slip_address(browser: Client, url: str) -> str:
    """The address a search that finds several leads to, to be opened as often as one likes."""
    path, _, words = url.partition("?q=")
    return str(browser.post(_BOXES[path], {"q": words}).headers["Location"])

"""A browser story that failed is looked at once more, and the run says so by name.

Between a key and what the page makes of it stand a browser, a server and a machine that others use as well. A fault of
Zhike fails twice; what failed once only is listed under the warnings of the run, with what went wrong, to be mended.
"""

import pytest
from _pytest.runner import runtestprotocol


class SeenOnce(pytest.PytestWarning):
    """A story failed and, told again, held."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Tell a story; tell it again where it failed; report the last telling."""
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    wrong = next((report for report in reports if report.failed), None)
    if wrong is not None:
        item._initrequest()  # type: ignore[attr-defined]  # fixtures of the first telling are gone
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if not any(report.failed for report in reports):
            item.warn(SeenOnce(f"{item.nodeid} failed once and then held: {wrong.longreprtext[-1500:]}"))
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True

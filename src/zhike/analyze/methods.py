"""Analysis methods of one's own: folders beside the product, each with a `method.py`, that say something of every customer.

A method is table in, table out: it is given Ibis tables of the lake and returns one row a customer with the columns it
declares. Runs, the page, figures on files, conditions of segments, downloads, command line and API are the house's. Nothing
is loaded unless `ZHIKE_METHODS` names the folder: a method is code, and runs with the rights of the worker.
"""

import importlib.util
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import lazystr
from django.utils.translation import get_language

from zhike.analyze.measure_parameters import MEASURE_KINDS
from zhike.secure import fields

if TYPE_CHECKING:
    import datetime as dt

    import ibis.expr.types as ir

log = logging.getLogger(__name__)
SETTING = "ZHIKE_METHODS"
PREFIX = "own_"  # of the kind of their runs and the family of their figures
KINDS = ("number", "share", "cents", "choice")
_CODE = re.compile(r"[a-z][a-z0-9_]{1,11}\Z")
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,30}\Z")
_TAKEN = frozenset({"customer_id", "number", "rank"})
Texts = Mapping[str, str]  # by language: `zh-hans` and `en`


class MethodRefused(ValueError):
    """A method does not keep the contract; the message says what to change."""


@dataclass(frozen=True)
class Column:
    """A figure of each customer. `field`: the field of the catalogue whose sight it needs (amounts: `net_amount`)."""

    name: str
    title: Texts
    kind: Literal["number", "share", "cents", "choice"] = "number"
    choices: Mapping[str, Texts] = field(default_factory=dict)
    field: str = "metrics"

    @property
    def asked(self) -> str:
        """The column that conditions of segments ask: shares in whole percent, figures as whole numbers."""
        return {"share": f"{self.name}_percent", "number": f"{self.name}_whole"}.get(self.kind, self.name)


@dataclass(frozen=True)
class Given:
    """What a method may read, as Ibis tables without a name or an address in them; days are those of the shop's clock.

    `orders`: order_id, customer_id, day, kind, status, net_cents of the period. `lines`: customer_id, order_id, product_id,
    quantity, amount_cents. `products`: product_id, sku, title, category, brand. `contacts`: customer_id, day, way, minutes,
    cost_cents of the period. `people`: customer_id, kind, stage, province, city, first_source_id.
    """

    orders: "ir.Table"
    lines: "ir.Table"
    products: "ir.Table"
    contacts: "ir.Table"
    people: "ir.Table"
    first: "dt.date"
    last: "dt.date"


@dataclass(frozen=True)
class Method:
    """A method: what it is called, what it says, and how. Rows come with `customer_id` and its columns; null: nothing to say."""

    code: str
    title: Texts
    about: Texts
    columns: tuple[Column, ...]
    rank_by: str
    compute: Callable[[Given], "ir.Table"]

    @property
    def kind(self) -> str:
        """The kind of its runs, and the family of its figures on files."""
        return PREFIX + self.code

    def column(self, name: str) -> Column:
        """One of its columns. Raises KeyError."""
        return next(column for column in self.columns if column.name == name)


@lru_cache(maxsize=1)
def methods() -> dict[str, Method]:
    """The methods of this installation by code. One that cannot be loaded is left out; :func:`faults` says why."""
    found, _faults = _loaded(os.environ.get(SETTING, ""))
    return found


def faults() -> dict[str, str]:
    """{folder: why its method is not here}, for the doctor and the page."""
    return _loaded(os.environ.get(SETTING, ""))[1]


def forget() -> None:
    """Look for methods anew: for tests, which change the setting."""
    methods.cache_clear()


def of_kind(kind: str) -> Method | None:
    """The method whose runs have this kind."""
    return methods().get(kind.removeprefix(PREFIX)) if kind.startswith(PREFIX) else None


def is_measure(kind: str) -> bool:
    """Whether there are runs of this kind beside RFM: the house's measures, and methods of one's own."""
    return kind in MEASURE_KINDS or of_kind(kind) is not None


def title_of(kind: str) -> str:
    """What the runs of a method are called; empty for other kinds, and for a method that is gone."""
    method = of_kind(kind)
    return said(method.title) if method else ""


def said(texts: Texts) -> str:
    """A text in the reader's language, else in any there is."""
    language = (get_language() or "zh-hans").lower()
    return texts.get(language) or texts.get(language.partition("-")[0]) or next(iter(texts.values()), "")


def promised(texts: Texts) -> Any:
    """The same, said when it is shown: for what is registered at start-up."""
    return lazystr(_Said(texts))


class _Said:
    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def __str__(self) -> str:
        return said(self._texts)


def _loaded(setting: str) -> tuple[dict[str, Method], dict[str, str]]:
    found: dict[str, Method] = {}
    wrong: dict[str, str] = {}
    for folder in sorted(Path(setting).glob("*/method.py")) if setting else ():
        name = folder.parent.name
        try:
            method = load(folder.parent)
            if method.code in found:
                raise MethodRefused(f"another folder has a method {method.code}")
        except Exception as problem:  # noqa: BLE001  whatever a stranger's code raises must not keep the product from starting
            wrong[name] = f"{type(problem).__name__}: {problem}"[:300]
            log.warning("the method in folder %s cannot be used: %s", name, wrong[name])
            continue
        found[method.code] = method
    return found, wrong


def load(folder: Path) -> Method:
    """The method of a folder, held to the contract. Raises MethodRefused, and whatever the code of the folder raises."""
    named = f"zhike_method_{re.sub(r'[^a-z0-9]', '_', folder.name.lower())}"
    spec = importlib.util.spec_from_file_location(named, folder / "method.py")
    if spec is None or spec.loader is None:
        raise MethodRefused("there is no method.py to read")
    module = importlib.util.module_from_spec(spec)
    sys.modules[named] = module  # dataclasses of the folder look themselves up
    spec.loader.exec_module(module)
    method = getattr(module, "METHOD", None)
    if not isinstance(method, Method):
        raise MethodRefused("method.py must define METHOD, a zhike.analyze.methods.Method")
    _hold_to_contract(method)
    return method


def _is_field(name: str) -> bool:
    return any(known.name == name for known in fields.catalogue(archived=True))


def _hold_to_contract(method: Method) -> None:
    if not _CODE.match(method.code):
        raise MethodRefused("code: 2 to 12 of a-z, 0-9 and _, a letter first")
    for texts in (method.title, method.about, *(c.title for c in method.columns)):
        if not {"zh-hans", "en"} <= set(texts):
            raise MethodRefused("every text is said in zh-hans and en")
    names = [column.name for column in method.columns]
    if not names or len(set(names)) != len(names) or _TAKEN & set(names):
        raise MethodRefused("columns: at least one, each name once, none of customer_id, number, rank")
    for column in method.columns:
        if not _COLUMN.match(column.name) or column.kind not in KINDS:
            raise MethodRefused(f"column {column.name}: a name of a-z, 0-9 and _, a kind of {', '.join(KINDS)}")
        if (column.kind == "choice") != bool(column.choices):
            raise MethodRefused(f"column {column.name}: choices belong to the kind choice, and to no other")
        if not _is_field(column.field):
            raise MethodRefused(f"column {column.name}: there is no field {column.field} in the catalogue")
    if method.rank_by not in names or method.column(method.rank_by).kind == "choice":
        raise MethodRefused("rank_by: one of the columns with figures")

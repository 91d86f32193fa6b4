"""From files to the columns that are compared. The one place of this module where values are in the clear, in memory only."""

from collections.abc import Sequence

from zhike.customers.queries import MatchingFile
from zhike.secure import actions as secure
from zhike.secure.opened import Opened
from zhike.secure.records import SYSTEM, SealedRef
from zhike_analytics.linkage.features import Known

_FIELDS = (
    "phone",
    "other_phone",
    "email",
    "birth_date",
    "address_detail",
    "wechat",
    "qq",
    "payment_account",
)
# A member name says something within its platform alone, and there it is the key of the record already.
_ACCOUNTS = ("wechat", "qq", "payment_account")


def known(files: Sequence[MatchingFile]) -> list[Known]:
    """What is known of each file, opened for matching: one audit event for all of them."""
    refs = [ref for file in files for ref, _ in file.seals]
    opened = iter(secure.open_parts(refs, _FIELDS, purpose="matching", by=SYSTEM)) if refs else iter(())
    return [_known(file, [(next(opened), wanted) for _, wanted in file.seals]) for file in files]


def _known(file: MatchingFile, parts: list[tuple[dict[str, Opened], tuple[str, ...]]]) -> Known:
    """The statements come golden first, so the first value of a field is the one the file shows."""
    said: dict[str, list[str]] = {}
    for values, wanted in parts:
        for field in wanted:
            if field in values:
                said.setdefault(field, []).append(values[field].plain())
    phones = dict.fromkeys([*said.get("phone", ()), *said.get("other_phone", ())])
    handles = [f"{field}:{value}" for field in _ACCOUNTS for value in said.get(field, ())]
    return Known(
        id=file.customer_id,
        kind=file.kind,
        name=file.name,
        phones=tuple(phones),
        email=_first(said, "email"),
        birth_date=_first(said, "birth_date"),
        province=file.values.get("province", ""),
        city=file.values.get("city", ""),
        district=file.values.get("district", ""),
        address_detail=_first(said, "address_detail"),
        employer=file.values.get("employer", "") or (file.values.get("company", "") if file.kind == "person" else ""),
        handles=(*handles, *(f"{n}:{file.values[n]}" for n in ("credit_code",) if n in file.values)),
        sex=file.values.get("sex", ""),
    )


def _first(said: dict[str, list[str]], field: str) -> str:
    return said[field][0] if field in said else ""


def phone_digits(seals: Sequence[SealedRef]) -> list[str]:
    """The digits of telephones, opened to look for signs of invention; an empty text where one was erased meanwhile."""
    if not seals:
        return []
    opened = secure.open_parts(list(seals), ("phone",), purpose="truth_check", by=SYSTEM)
    texts = [parts["phone"].plain() if "phone" in parts else "" for parts in opened]
    return ["".join(c for c in text if c.isdigit())[-11:] for text in texts]

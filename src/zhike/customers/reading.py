"""Reading a statement: its normalized facts as one canonical text and their digest; done here, or in a process that reads ahead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from zhike.customers.normalizing import Normalized, normalize
from zhike.customers.records import Problem, Statement
from zhike.secure import vault


class Laid(NamedTuple):
    """A statement as another process read it, laid out as the first of a customer nobody knows yet.

    The last six are of use only where its key turns out to be new: `wrapped` is the record's own key as the keyring keeps
    it, `sealed` the version's sealed part, `card` the derived columns with JSON as text, `tokens` the name's search tokens,
    a line each. `content` is what `sealed` holds, as text.
    """

    external_key: str
    digest: bytes
    text: str
    content: bytes
    lookups: list[tuple[int, bytes]]
    joins: list[tuple[int, bytes]]
    problems: list[list[Any]]
    record_id: int
    version_id: int
    wrapped: bytes
    sealed: bytes
    card: list[Any]
    tokens: str

    def found_problems(self) -> list[Problem]:
        """What could not be used of the row."""
        return [Problem(*told) for told in self.problems]

    def reading(self) -> "Reading":
        """The same as a reading, to be compared with what is known."""
        normalized = Normalized(
            self.external_key,
            orjson.loads(self.text),
            {},
            self.lookups,
            self.joins,
            self.found_problems(),
        )
        return Reading(normalized, self.text, self.digest, self.content, self)


@dataclass(slots=True)
class Reading:
    """What a statement comes to; `normalized` is None when its key names nobody."""

    normalized: Normalized | None
    text: str = ""  # the facts, canonical: what is digested is what is stored
    digest: bytes = b""
    content: bytes = b""  # what is sealed with the version, as text, where another process read the statement
    draft: Laid | None = None


def read(statement: Statement) -> Reading:
    """The reading of a statement, made now unless another process has made it."""
    if statement.read is not None:
        return statement.read.reading() if isinstance(statement.read, Laid) else statement.read
    made = normalize(statement)
    if made is None:
        return Reading(None)
    text = canonical(made.facts)
    return Reading(made, text, digest_of(text))


def canonical(facts: Mapping[str, Any]) -> str:
    """One text for equal facts, whatever order they came in."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()


def digest_of(text: str) -> bytes:
    """A keyed digest of canonical facts (16 bytes): equal statements add nothing, and nobody can guess values from it."""
    return vault.lookup("version", text)


def sealed_content(normalized: Normalized, raw: Mapping[str, str]) -> bytes:
    """What is sealed with a version: the values of sealed fields, and the row as it came."""
    return vault.payload_text({**normalized.sealed, "_row": dict(raw)} if raw else normalized.sealed)

"""The last filter before the log: personal patterns never get through, whoever logged them."""

import logging
import re

# Longest first: an identity number holds a phone-like run of digits.
_PATTERNS = [
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])"), "[id]"),
    (re.compile(r"(?<![\d.])\d{15,19}(?!\d)"), "[number]"),
    (re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII), "[email]"),
    (re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.])"), "[phone]"),
    (re.compile(r"(?<![\w+])\+\d{1,3}[- ]?\d(?:[- ]?\d){6,12}(?!\d)", re.ASCII), "[phone]"),
]


def scrub(text: str) -> str:
    """The text with phones, e-mail addresses and identity-like numbers replaced by their kind."""
    for pattern, word in _PATTERNS:
        text = pattern.sub(word, text)
    return text


class Scrub(logging.Filter):
    """Renders each record and scrubs it; an attached exception keeps its places and kinds, not its words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record in place; every record passes."""
        record.msg, record.args = scrub(record.getMessage()), None
        if record.exc_info and record.exc_info[1] is not None:
            from zhike.kit.traces import trace

            vars(record)["trace"] = trace(record.exc_info[1])
        record.exc_info, record.exc_text, record.stack_info = None, None, None
        for name, value in vars(record).items():
            if isinstance(value, str) and name not in ("name", "pathname", "msg"):
                vars(record)[name] = scrub(value)
        return True

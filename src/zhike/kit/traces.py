"""Where an error arose, told without a single value."""

import traceback


def trace(error: BaseException) -> str:
    """Where an error arose and its kinds, without messages, locals or values, which may hold personal data."""
    lines = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    kinds: list[str] = []
    link: BaseException | None = error
    while link is not None and len(kinds) < 5:
        kinds.append(f"{type(link).__module__}.{type(link).__qualname__}")
        link = link.__cause__ or link.__context__
    return "\n".join([*lines[-30:], " from ".join(kinds)])

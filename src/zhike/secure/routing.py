"""Which database a table lives in: the keyring's tables in the keyring, everything else in the data."""

from typing import Any

KEYRING_MODELS = {"recordkey", "filekey", "tombstone"}


class KeyringRouter:
    """Keeps keys and data apart, for reading, writing, relations and migrations."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """`keyring` for the keyring's models, `default` for all others."""
        return "keyring" if _is_key(model) else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """No relation crosses from keys to data."""
        return _is_key(one) == _is_key(other)  # asked of the objects: a lazy user has no model class of its own

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """A table is made in its own database only; other modules' data migrations never run on the keyring."""
        if hints.get("keyring") is not None:
            return (db == "keyring") == hints["keyring"]
        is_key = app_label == "secure" and (model_name or "").lower() in KEYRING_MODELS
        return is_key == (db == "keyring")


def _is_key(model: Any) -> bool:
    return model._meta.app_label == "secure" and model._meta.model_name in KEYRING_MODELS

"""The vault: seals values under one key per source record, and finds them by keyed digests.

The keys live in the keyring, a database of its own; key-encryption keys live in files of the data folder.
"""

from zhike.secure.vault.errors import (
    KeyDestroyed,
    KeyMissing,
    RootKeyMissing,
    SwappedValue,
    TamperedValue,
    UnsafeKeyFile,
    VaultError,
)
from zhike.secure.vault.files import file_reader, file_writer, record_file_reader, record_file_writer
from zhike.secure.vault.keyring import (
    RecordKey,
    destroy_file_key,
    destroy_keys,
    draft_keys,
    ensure_keys,
    keep_keys,
    keys_of,
)
from zhike.secure.vault.roots import setup
from zhike.secure.vault.sealing import SealContext, lookup, payload_text, seal, seal_text

__all__ = [
    "KeyDestroyed",
    "KeyMissing",
    "RecordKey",
    "RootKeyMissing",
    "SealContext",
    "SwappedValue",
    "TamperedValue",
    "UnsafeKeyFile",
    "VaultError",
    "destroy_file_key",
    "destroy_keys",
    "draft_keys",
    "ensure_keys",
    "file_reader",
    "file_writer",
    "keep_keys",
    "keys_of",
    "lookup",
    "payload_text",
    "record_file_reader",
    "record_file_writer",
    "seal",
    "seal_text",
    "setup",
]

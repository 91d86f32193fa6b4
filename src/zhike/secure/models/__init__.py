from zhike.secure.models.access_note import AccessNote
from zhike.secure.models.audit import AuditEvent, AuditSeal
from zhike.secure.models.consent import Consent, ConsentState, ConsentTakenBack, Notice, OwnPurpose
from zhike.secure.models.custom_field import CustomField, CustomFieldVersion
from zhike.secure.models.invitation import Invitation
from zhike.secure.models.keyring import FileKey, RecordKey
from zhike.secure.models.role import FieldRule, PolicyState, Role
from zhike.secure.models.staff import Staff, Team
from zhike.secure.models.tally import Tally
from zhike.secure.models.tombstone import Tombstone

__all__ = [
    "AccessNote",
    "AuditEvent",
    "AuditSeal",
    "Consent",
    "ConsentState",
    "ConsentTakenBack",
    "CustomField",
    "CustomFieldVersion",
    "FieldRule",
    "FileKey",
    "Invitation",
    "Notice",
    "OwnPurpose",
    "PolicyState",
    "RecordKey",
    "Role",
    "Staff",
    "Tally",
    "Team",
    "Tombstone",
]

from zhike.protect.models.backup_run import BackupRun, Canary
from zhike.protect.models.keeping import KeepingHold, KeepingRule, KeepingRun

__all__ = ["BackupRun", "Canary", "KeepingHold", "KeepingRule", "KeepingRun"]

from zhike.protect.models.backup_run import BackupRun, Canary
from zhike.protect.models.keeping import KeepingHold, KeepingRule, KeepingRun
from zhike.protect.models.supervision import DisclosureReview, SupervisionRule

__all__ = ["BackupRun", "Canary", "DisclosureReview", "KeepingHold", "KeepingRule", "KeepingRun", "SupervisionRule"]

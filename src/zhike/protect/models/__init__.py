from zhike.protect.models.backup_run import BackupRun, Canary

__all__ = ["BackupRun", "Canary"]

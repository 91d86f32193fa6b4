"""What work costs, told so that it is the same on a busy machine and on a quiet one."""

import os


def spent_s() -> float:
    """Seconds of a processor that this process and its children that have ended used so far."""
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system

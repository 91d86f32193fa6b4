"""What each part of this module says at start-up: rights, pages, acts of the audit, words of its jobs."""

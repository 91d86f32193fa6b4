"""What may be asked of the clean module."""

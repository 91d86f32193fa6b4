"""What may be asked of the reach module."""

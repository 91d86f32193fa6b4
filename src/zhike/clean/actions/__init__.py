"""What the clean module does."""

"""What the reach module does."""

"""Supervision 监督抽查: looks drawn by chance, judged by a colleague, and what the pages show of them."""

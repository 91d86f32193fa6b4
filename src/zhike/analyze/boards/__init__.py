"""Dashboards: tiles people choose, arrange and share; each reader is told what their own rights allow."""

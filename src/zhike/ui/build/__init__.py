"""Builds the files the pages load: `python -m zhike.ui.build`."""

"""Keeping periods: classes with their periods, a preview before anything, holds, the run."""

"""Carrying out an import: open the stored file, check it, record it batch by batch, and finish."""

from zhike.collect.running.checking import check_file
from zhike.collect.running.prepared_file import PreparedFile, prepare_file
from zhike.collect.running.recording import index_unfinished, record_file

__all__ = ["PreparedFile", "check_file", "index_unfinished", "prepare_file", "record_file"]

"""Reading a file that somebody exported: bytes to text to rows, with a clear word for everything that goes wrong."""

from zhike.collect.reading.encoding import Opener, Shape, survey
from zhike.collect.reading.joining import Relation, joined_csv
from zhike.collect.reading.problem import FileProblem
from zhike.collect.reading.table import Row, Table, known_table, open_table

__all__ = [
    "FileProblem",
    "Opener",
    "Relation",
    "Row",
    "Shape",
    "Table",
    "joined_csv",
    "known_table",
    "open_table",
    "survey",
]

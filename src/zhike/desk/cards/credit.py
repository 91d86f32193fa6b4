"""A credit investigation report as a sheet of paper."""

from zhike.credit.queries import Document, Part
from zhike.desk.printing.sheet import Block, Grid, Line, Listing, Sheet


def credit_sheet(document: Document) -> Sheet:
    """The report set for print."""
    return Sheet(
        title=document.title,
        head=tuple(Line(label, text) for label, text in document.head),
        blocks=tuple(_block(part) for part in document.parts),
        signs=document.signs,
        note=document.note,
    )


def _block(part: Part) -> Block:
    if part.headings:
        return Listing(part.title, part.headings, part.rows, part.numbers, part.note)
    return Grid(part.title, tuple(Line(label, text, is_wide=part.is_wide) for label, text in part.rows))

"""What the columns of a file mean: mapping files and built-in templates, and how they bind to a file's headers."""

from zhike.collect.mapping.binding import Bound, bind
from zhike.collect.mapping.parse import Mapping, load, parse
from zhike.collect.mapping.templates import recognize, template, templates

__all__ = ["Bound", "Mapping", "bind", "load", "parse", "recognize", "template", "templates"]

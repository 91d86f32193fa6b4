"""What the columns of a file mean: mapping files and built-in templates, and how they bind to a file's headers."""

from zhike.collect.mapping.binding import Bound, bind
from zhike.collect.mapping.guessing import Guess, guess
from zhike.collect.mapping.parse import Mapping, load, parse
from zhike.collect.mapping.templates import recognize, template, templates
from zhike.collect.mapping.writing import yaml_of

__all__ = [
    "Bound",
    "Guess",
    "Mapping",
    "bind",
    "guess",
    "load",
    "parse",
    "recognize",
    "template",
    "templates",
    "yaml_of",
]

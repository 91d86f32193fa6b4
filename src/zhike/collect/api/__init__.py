"""Imports, bulk statements and sources over the API."""

from zhike.api.problems import words_from
from zhike.collect.api.bulk import routes as bulk
from zhike.collect.api.imports import routes as imports
from zhike.collect.api.sources import routes as sources
from zhike.collect.reasons import reason_text

words_from(lambda code: reason_text(code, {}))
ROUTES = [imports, bulk, sources]

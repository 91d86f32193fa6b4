"""Customers over the API: lists, files, tags, statements of sources, edits of staff."""

from zhike.customers.api import problems  # noqa: F401  (which problem each refusal is)
from zhike.customers.api.consents import routes as consents
from zhike.customers.api.files import routes as files
from zhike.customers.api.flows import routes as flows
from zhike.customers.api.merging import routes as merging
from zhike.customers.api.tags import routes as tags
from zhike.customers.api.verifying import routes as verifying
from zhike.customers.api.writing import routes as writing

ROUTES = [files, writing, tags, consents, verifying, merging, flows]

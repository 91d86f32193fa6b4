"""The part of this module in the API, one file a part."""

from zhike.clean.api.duplicates import routes as duplicates
from zhike.clean.api.truth import routes as truth

ROUTES = [duplicates, truth]

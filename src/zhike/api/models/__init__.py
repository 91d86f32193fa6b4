"""Tables of the api module; private to it."""

from zhike.api.models.receipt import Receipt
from zhike.api.models.token import Token

__all__ = ["Receipt", "Token"]

"""Tables of the clean module; private to it."""

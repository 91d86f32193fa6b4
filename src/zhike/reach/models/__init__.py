"""Tables of the reach module; private to it."""

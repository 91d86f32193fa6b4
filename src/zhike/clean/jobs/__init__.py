"""Background entries of this module, one file a part; importing the package declares them all."""

"""Our methods beside packages that people use for them, on the same published data. `make prove` installs the packages."""

"""What this module does when something is announced, one file a part; importing the package hears all."""

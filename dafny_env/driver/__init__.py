"""Driving Dafny: the warm server pool of 2.3, the cold command lines of 2.3 and 4.x, and reading their output."""

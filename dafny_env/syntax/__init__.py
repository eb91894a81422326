"""Tokens, parser and syntax-tree helpers for Dafny source text."""

"""Dafny 4.x files for Dafny 2.3: rewriting that keeps line numbers, and a verifier that reports in the original."""

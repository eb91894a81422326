"""Dafny: servers, command lines of 2.3 and 4.x, the dialect rewriter, syntax helpers, goals and steps, the gate's
rules.

Knows nothing of policies or search strategy. Start at `environment.py`.
"""

"""The symbolic policy for Dafny: Houdini over candidate invariants, assertion hints, induction, decreases clauses.

Start at `policy.py`; `houdini.py` is the pruning loop, `view.py` what a loop's candidates may speak of, the other
modules each make one family of candidates.
"""

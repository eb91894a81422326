"""The AND/OR graph, best-first frontier, scores, budget, journal, and the ports `Environment`, `Policy` and `Clock`.

Pure: no files, no terminal, no verifier; clock, random source and concurrency are passed in.
"""

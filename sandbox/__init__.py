"""Child processes with limits: groups, time, memory, output, no network, writing in named folders only, a supervisor,
pools, and the result cache.

Knows nothing of what runs in them.
"""

"""Benchmarks: a loader and the official rule of each. Add one by writing its module and naming it in `registry.py`."""

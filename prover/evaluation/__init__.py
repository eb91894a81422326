"""Batch evaluation: runs over the tasks of a benchmark that survive anything, and what their figures mean."""

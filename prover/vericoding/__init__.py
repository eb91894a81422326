"""Vericoding: the implementation is missing as well as its proof. Marked regions are written, all else is frozen."""

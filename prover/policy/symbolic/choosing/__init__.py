"""Choosing few of many candidates by trying them on changed states."""

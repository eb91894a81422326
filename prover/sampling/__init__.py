"""Sampling text from language models: one port, several back ends, one service that batches for the whole process."""

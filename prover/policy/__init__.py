"""Policies: what proposes steps. `symbolic` needs no model; language models come with a later milestone."""

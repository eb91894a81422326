"""The policy that asks a language model, and the formats in which goals are shown to it and its answers read."""

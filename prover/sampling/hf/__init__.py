"""Sampling from causal language models of transformers, in this process.

The decode loop is our own (`engine`), over `model(...)` with a cache of ours (`slots`): a prompt is run once for its n
samples and once for all prompts that begin alike, rows that end leave the batch and new ones join it between two
steps, and every sample has its own random source, so that it does not depend on its neighbours. transformers' own
`generate_batch` and `ContinuousBatchingManager` were measured against it (benchmarks/sampling_throughput.py): they
have no random source for each sample, no summed log-probability at temperature 1, lose samples with
`num_return_sequences`, and size their memory for a whole device.

Import nothing of this package but `loading` before torch and transformers are known to be there."""

"""Sampling from causal language models of transformers, in this process.

The decode loop is our own (`engine`), over `model(...)` with a cache of ours (`slots`): a prompt is run once for its n
samples and once for all prompts that begin alike, rows that end leave the batch and new ones join it between two
steps, and every sample has its own random source, so that it does not depend on its neighbours. transformers' own
`generate_batch` was measured against it on a CPU (benchmarks/sampling_throughput.py): 64 goals took 7 times as long,
8 samples of one prompt 4 times; nor has it a random source for each sample, or log-probabilities at temperature 1.

Import nothing of this package but `loading` and `texts` before torch and transformers are known to be there."""

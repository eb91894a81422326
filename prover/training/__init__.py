"""Learning from runs: journals become training pairs (`prover train export`), pairs a model (`prover train sft`)."""

"""`prover show`: a run's search tree, read from its journal and drawn as text, SVG or JSON."""

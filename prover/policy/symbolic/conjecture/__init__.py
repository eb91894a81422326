"""Helper lemmas that the file does not state: guessed from its functions and from what fails, tested on small inputs,
taken for granted by a step, and left to be proved as subgoals."""

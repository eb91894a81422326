"""Looking for counterexamples: by running the program, with the verifier's models as further inputs. What is found
counts only where a run or an evaluation of the interpreter confirms it."""

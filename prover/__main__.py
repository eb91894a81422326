"""`python -m prover` is the command `prover`."""

from prover.cli import main

if __name__ == "__main__":
    main()

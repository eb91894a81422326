"""The command `prover`, also as `python -m prover`: what has to be settled before anything else is loaded."""

import os
import signal
import sys


def main() -> None:
    """The entry point. Ctrl-C ends it with code 130 at any moment, also while it is still loading or cleaning up."""
    _open_standard_streams()
    try:
        from prover.commands.app import main as run  # loading takes most of a second, in which Ctrl-C may come

        run()
    except KeyboardInterrupt:
        print("prover: Interrupted.", file=sys.stderr)
        sys.exit(130)
    finally:
        # What is left is the interpreter's own tidying up: one more Ctrl-C must not turn the code into a crash.
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _open_standard_streams() -> None:
    """Closed ones (`>&-`) lead nowhere. Otherwise the next file that is opened would get the number of stdout."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number
    sys.stdin = sys.stdin or os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)


if __name__ == "__main__":
    main()

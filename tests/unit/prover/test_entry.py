"""The command as a process: what its standard streams and signals do to it before and behind the command itself."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from prover.commands.support import ExitCode, OutputLost, guarded, write_stdout

ROOT = Path(__file__).parents[3]


def run(code: str) -> subprocess.CompletedProcess[str]:
    """A Python process that imports the entry point as `entry`."""
    text = f"import os, signal, sys\nfrom prover import __main__ as entry\n{code}"
    return subprocess.run(
        [sys.executable, "-c", text],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def with_command(body: str) -> str:
    """Code that puts a command of our own in the place of the real one."""
    name = "prover.commands.app"
    return f"import types\ncli = types.ModuleType('{name}')\n{body}\nsys.modules['{name}'] = cli\n"


def test_ctrl_c_ends_it_with_130_and_one_line_at_any_moment() -> None:
    ran = run(with_command("cli.main = lambda: os.kill(os.getpid(), signal.SIGINT)") + "entry.main()")
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "prover: Interrupted.\n")


def test_ctrl_c_behind_the_command_changes_nothing() -> None:
    last = "import atexit\natexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))\n"
    ran = run(last + with_command("cli.main = lambda: sys.exit(3)") + "entry.main()")
    assert (ran.returncode, ran.stderr) == (3, "")


def test_closed_streams_lead_nowhere() -> None:
    lines = "os.close(0)\nos.close(1)\nsys.stdin = sys.stdout = None\n"
    body = (
        "def main():\n    print('lost')\n    print(os.open(os.devnull, os.O_RDONLY), file=sys.stderr)\ncli.main = main"
    )
    ran = run(lines + with_command(body) + "entry.main()")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert int(ran.stderr) > 2  # the next file to be opened is not taken for stdout


def test_a_disk_without_room_is_no_error_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    def full() -> ExitCode:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/runs/journal.jsonl")

    assert guarded(full, lambda reason: write_stdout(f"{reason}\n")) is ExitCode.INVALID
    said = capsys.readouterr()
    assert said.err.startswith("prover: /runs/journal.jsonl: cannot be written: ") and "Make room" in said.err
    assert said.err == f"prover: {said.out}", "scripts are told, too"


def test_a_result_that_cannot_be_printed_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)

        def command() -> ExitCode:
            write_stdout("result")
            return ExitCode.DONE

        def explain(reason: str) -> None:
            raise AssertionError("stdout is of no use")

        assert guarded(command, explain) is ExitCode.INVALID
    assert capsys.readouterr().err == "prover: standard output cannot be written: No space left on device.\n"


def test_an_explanation_that_cannot_be_printed_changes_no_code() -> None:
    def explain(reason: str) -> None:
        raise OutputLost("gone")

    def interrupted() -> ExitCode:
        os.kill(os.getpid(), signal.SIGINT)
        return ExitCode.DONE

    assert guarded(interrupted, explain) is ExitCode.INTERRUPTED


def test_no_command_waits_for_what_only_others_need() -> None:
    """Neither verifiers nor evaluations are imported before a command that needs them runs."""
    ran = run("import prover.commands.app\nprint(*sys.modules)")
    heavy = ("dafny_env", "lean_project", "prover.evaluation", "prover.benchmarks", "prover.policy.")
    assert [name for name in ran.stdout.split() if name.startswith(heavy)] == []

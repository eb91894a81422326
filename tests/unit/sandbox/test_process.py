from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from pathlib import Path

import pytest
from sandbox_helpers import children_of, eventually, read_pids, running

from sandbox.limits import Ended, Limits
from sandbox.process import Cancel, network_isolation_available, run, run_async, write_confinement_available

LIMITS = Limits(seconds=60)


def shell(script: str) -> list[str]:
    return ["/bin/sh", "-c", script]


def python(script: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", script]


def test_output_and_exit_status_come_back() -> None:
    done = run(shell("echo out; echo err >&2; exit 3"), limits=LIMITS)
    assert (done.ended, done.returncode, done.stdout, done.stderr) == (Ended.EXITED, 3, "out\n", "err\n")
    assert done.pid is not None
    assert "exit status 3" in str(done)


def test_a_signal_is_a_negative_exit_status() -> None:
    assert run(shell("kill -TERM $$"), limits=LIMITS).returncode == -15


def test_input_larger_than_any_pipe_is_passed_on_whole() -> None:
    text = "é" * 1_000_000
    assert run(["cat"], limits=LIMITS, stdin=text).stdout == text


def test_input_that_nobody_reads_is_no_error() -> None:
    done = run(shell("exit 0"), limits=LIMITS, stdin="x" * 1_000_000)
    assert (done.ended, done.returncode) == (Ended.EXITED, 0)


def test_without_input_the_child_reads_an_empty_file() -> None:
    assert run(["cat"], limits=LIMITS).ended is Ended.EXITED


def test_both_pipes_full_is_no_deadlock() -> None:
    script = "import sys\nfor _ in range(40): sys.stderr.write('e' * 50000); sys.stdout.write('o' * 50000)"
    done = run(python(script), limits=LIMITS)
    assert (len(done.stdout), len(done.stderr)) == (2_000_000, 2_000_000)


def test_bad_utf8_is_replaced() -> None:
    assert run(shell(r"printf 'a\377b'"), limits=LIMITS).stdout == "a\ufffdb"


def test_output_beyond_the_limit_ends_the_child_and_keeps_the_beginning() -> None:
    done = run(["yes"], limits=Limits(output_bytes=1000))
    assert done.ended is Ended.OUTPUT
    assert done.stdout == "y\n" * 500


class Clock:
    """Stands in for the module `time`: the machine's clock, which a test moves on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


def test_the_clock_ends_the_child_with_everything_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, pids = Clock(), tmp_path / "pids"
    monkeypatch.setattr("sandbox.process.time", clock)

    def let_time_pass_once_all_are_there() -> None:
        read_pids(pids, 2)
        clock.ahead = 1001.0

    passing = threading.Thread(target=let_time_pass_once_all_are_there)
    passing.start()
    script = f"sleep 1000 & echo $! >> {pids}; setsid sleep 1000 & echo $! >> {pids}; echo begun; wait"
    done = run(shell(script), limits=Limits(seconds=1000))
    passing.join()
    assert (done.ended, done.returncode) == (Ended.TIMEOUT, -9)
    assert not any(running(pid) for pid in read_pids(pids, 2))


def test_memory_of_the_whole_tree_is_bounded() -> None:
    held = "import time; x = bytearray(400 << 20)\nwhile True: time.sleep(1)"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-I', '-S', '-c', {held!r}])"
    done = run(python(nested), limits=Limits(memory_bytes=200 << 20))
    assert done.ended is Ended.MEMORY
    assert done.peak_memory_bytes > 200 << 20


def test_address_space_can_be_bounded_too() -> None:
    done = run(python("x = bytearray(1 << 30)"), limits=Limits(address_space_bytes=300 << 20))
    assert "MemoryError" in done.stderr


def test_what_survives_a_normal_exit_is_killed(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f"sleep 1000 & echo $! >> {pids}; setsid sleep 1000 & echo $! >> {pids}; exit 0"
    done = run(shell(script), limits=LIMITS)
    assert (done.ended, done.returncode) == (Ended.EXITED, 0)
    assert not any(running(pid) for pid in read_pids(pids, 2))


def test_a_child_leads_its_own_session_and_cannot_dump_core() -> None:
    script = "import os, resource; print(os.getsid(0) == os.getpgid(0) == os.getpid(), resource.getrlimit(4))"
    assert run(python(script), limits=LIMITS).stdout == "True (0, 0)\n"


def test_a_child_is_nicer_than_we_are() -> None:
    done = run(python("import os; print(os.nice(0))"), limits=Limits(nice=3))
    assert int(done.stdout) == min(os.nice(0) + 3, 19)


def test_signals_that_python_ignores_work_in_children() -> None:
    assert run(shell("kill -PIPE $$"), limits=LIMITS).returncode == -13


def test_the_network_is_cut_off_unless_asked_for() -> None:
    if not network_isolation_available():
        pytest.skip("this machine permits no network namespaces")
    namespace = shell("readlink /proc/self/ns/net")
    ours = str(Path("/proc/self/ns/net").readlink())
    assert run(namespace, limits=LIMITS).stdout.strip() != ours
    assert run(namespace, limits=Limits(network=True)).stdout.strip() == ours


def test_environment_working_directory_and_scratch(tmp_path: Path) -> None:
    done = run(shell("pwd; echo $A $TMPDIR"), limits=LIMITS, cwd=tmp_path, env={"A": "b"}, scratch=Path("/x"))
    assert done.stdout == f"{tmp_path}\nb /x\n"


@pytest.mark.parametrize("argv", [["no-such-command"], ["/nowhere/at/all"], [], ["/etc/passwd"]])
def test_what_cannot_start_says_so(argv: list[str]) -> None:
    done = run(argv, limits=LIMITS)
    assert (done.ended, done.returncode, done.pid) == (Ended.NOT_STARTED, None, None)
    assert done.stderr


def test_a_program_that_the_kernel_refuses_did_not_start(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF nonsense")
    program.chmod(0o755)
    done = run([str(program)], limits=LIMITS)
    assert done.ended is Ended.NOT_STARTED
    assert "program" in done.stderr


def test_a_missing_working_directory_is_named(tmp_path: Path) -> None:
    done = run(["cat"], limits=LIMITS, cwd=tmp_path / "gone")
    assert done.ended is Ended.NOT_STARTED
    assert "gone" in done.stderr


def test_another_thread_can_cancel(tmp_path: Path) -> None:
    cancel = Cancel()
    pids = tmp_path / "pids"
    script = f"echo $$ >> {pids}; sleep 1000 & echo $! >> {pids}; wait"

    def cancel_when_both_run() -> None:
        read_pids(pids, 2)
        cancel.cancel()

    canceller = threading.Thread(target=cancel_when_both_run)
    canceller.start()
    done = run(shell(script), limits=Limits(seconds=1000), cancel=cancel)
    canceller.join()
    assert done.ended is Ended.CANCELLED
    assert not any(running(pid) for pid in read_pids(pids, 2))
    assert run(shell("echo"), limits=LIMITS, cancel=cancel).ended is Ended.CANCELLED


def test_cancelling_a_task_kills_the_group(tmp_path: Path) -> None:
    pids = tmp_path / "pids"

    async def scenario() -> None:
        script = f"echo $$ >> {pids}; sleep 1000 & echo $! >> {pids}; wait"
        task = asyncio.create_task(run_async(shell(script), limits=Limits(seconds=1000)))
        await asyncio.to_thread(read_pids, pids, 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not any(running(pid) for pid in read_pids(pids, 2))

    asyncio.run(scenario())


def test_cancelling_before_the_child_exists_leaves_none() -> None:
    async def scenario() -> None:
        for _ in range(5):
            task = asyncio.create_task(run_async(["sleep", "1000"], limits=Limits(seconds=1000)))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(scenario())
    assert eventually(lambda: not children_of(os.getpid()))


def test_many_at_once() -> None:
    async def scenario() -> list[str]:
        runs = (run_async(shell(f"echo {number}"), limits=LIMITS) for number in range(12))
        return [done.stdout.strip() for done in await asyncio.gather(*runs)]

    assert asyncio.run(scenario()) == [str(number) for number in range(12)]


def test_no_descriptors_are_left_open() -> None:
    run(["cat"], limits=LIMITS, stdin="x")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(3):
        run(["cat"], limits=LIMITS, stdin="x")
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


WRITES = """
import os, sys
inside, outside = sys.argv[1:]
def tried(what, *arguments):
    try:
        what(*arguments)
    except OSError as error:
        return type(error).__name__
    return "done"
def write(path, mode="w"):
    with open(path, mode) as file:
        file.write("x")
print(tried(write, inside + "/new"), tried(write, "/dev/null"), tried(os.mkdir, inside + "/folder"))
print(tried(write, outside + "/new"), tried(write, outside + "/old"), tried(write, outside + "/old", "a"))
print(tried(os.remove, outside + "/old"), tried(os.rename, outside + "/old", inside + "/old"))
print(tried(os.link, outside + "/old", inside + "/old"), tried(os.symlink, "x", outside + "/l"))
print(tried(os.truncate, outside + "/old", 0), tried(os.mkfifo, outside + "/f"), open(outside + "/old").read())
os.symlink(outside + "/old", inside + "/alias")
print(tried(write, inside + "/alias"), os.system("echo x 2>/dev/null > " + outside + "/of-a-child") != 0)
"""


def test_nothing_is_written_outside_of_the_folders_that_are_named(tmp_path: Path) -> None:
    if not write_confinement_available():
        pytest.skip("this kernel has no Landlock")
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "old").write_text("kept")
    done = run([*python(WRITES), str(inside), str(outside)], limits=Limits(writable=(inside,)))
    lines = done.stdout.split("\n")
    assert lines[0] == "done done done", str(done)
    denied = "PermissionError"
    assert lines[1] == f"{denied} {denied} {denied}"
    assert set(lines[2].split() + lines[3].split()) <= {denied, "OSError"}
    assert lines[4] == f"{denied} {denied} kept"
    assert lines[5] == f"{denied} True"
    assert sorted(p.name for p in outside.iterdir()) == ["old"]
    assert (inside / "new").read_text() == "x"


def test_without_folders_named_a_child_writes_where_we_may(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    run(python(f"open({str(outside / 'new')!r}, 'w')"), limits=LIMITS)
    assert (outside / "new").exists()


def test_with_no_folder_named_nothing_is_written(tmp_path: Path) -> None:
    if not write_confinement_available():
        pytest.skip("this kernel has no Landlock")
    done = run(python(f"open({str(tmp_path / 'new')!r}, 'w')"), limits=Limits(writable=()))
    assert done.returncode == 1 and "PermissionError" in done.stderr
    assert not (tmp_path / "new").exists()

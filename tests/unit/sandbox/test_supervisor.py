"""However our process ends, nothing that it started outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sandbox_helpers import children_of, eventually, read_pids, running

from sandbox.limits import Ended, Limits
from sandbox.process import kill_group, run
from sandbox.session import Session
from sandbox.supervisor import Supervisor, supervisor

ROOT = Path(__file__).parents[3]
TREE = """
echo $$ >> $0
sleep 1000 & echo $! >> $0
setsid sleep 1000 & echo $! >> $0
setsid env -i sleep 1000 & echo $! >> $0
wait
"""

PREAMBLE = """
import asyncio, os, sys, threading, time
from pathlib import Path
from sandbox.limits import Limits
from sandbox.process import run, run_async
from sandbox.scratch import scratch_root
from sandbox.session import Session
from sandbox.supervisor import supervisor
argv = ["/bin/sh", "-c", sys.argv[1], sys.argv[2]]
pids = Path(sys.argv[2])
limits = Limits(seconds=1000)
def ready():
    while not pids.exists() or pids.read_text().count("\\n") < 4: time.sleep(0.01)
"""

BLOCKED_IN_RUN = "run(argv, limits=limits)"
BLOCKED_IN_ASK = "s = Session(argv, limits=limits); s.start(); s.ask('', 'never', 1000)"
BLOCKED_IN_LOOP = "asyncio.run(run_async(argv, limits=limits))"
IN_A_THREAD = "threading.Thread(target=run, args=(argv,), kwargs={'limits': limits}, daemon=True).start(); ready()"


def start_main(body: str, pids: Path, temporary: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", PREAMBLE + body, TREE, str(pids)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def all_gone(main: int, pids: Path, temporary: Path) -> bool:
    named = read_pids(pids, 4)
    scratch = list(temporary.glob("lemmatree-*"))
    return not any(running(pid) for pid in named) and not children_of(main) and not scratch


@pytest.mark.parametrize("body", [BLOCKED_IN_RUN, BLOCKED_IN_ASK, BLOCKED_IN_LOOP])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_us_ends_all_descendants(body: str, number: signal.Signals, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    main = start_main(body, pids, tmp_path)
    assert len(read_pids(pids, 4)) == 4
    main.send_signal(number)
    main.wait(timeout=60)
    assert eventually(lambda: all_gone(main.pid, pids, tmp_path))


@pytest.mark.parametrize("ending", ["", "raise SystemExit(1)", "raise ValueError", "os._exit(0)"])
def test_our_own_end_ends_a_child_of_a_thread(ending: str, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    main = start_main(f"{IN_A_THREAD}\n{ending}", pids, tmp_path)
    main.wait(timeout=60)
    assert eventually(lambda: all_gone(main.pid, pids, tmp_path))


def test_a_session_left_open_does_not_outlive_the_interpreter(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    main = start_main("s = Session(argv, limits=limits); s.start(); ready()", pids, tmp_path)
    assert main.wait(timeout=60) == 0
    assert eventually(lambda: all_gone(main.pid, pids, tmp_path))


def test_a_copy_of_our_pipe_in_a_forked_process_does_not_blind_the_guard(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    forked = tmp_path / "forked"
    body = (
        f"{IN_A_THREAD}\nchild = os.fork()\nif not child: time.sleep(1000)\n"
        f"Path({str(forked)!r}).write_text(f'{{child}}\\n'); os.kill(os.getpid(), 9)"
    )
    main = start_main(body, pids, tmp_path)
    main.wait(timeout=60)
    try:
        assert eventually(lambda: not any(running(pid) for pid in read_pids(pids, 4)))
    finally:
        os.kill(read_pids(forked, 1)[0], signal.SIGKILL)


def test_a_dead_guard_is_replaced_and_told_who_lives(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    body = f"""{IN_A_THREAD}
first = supervisor().guard_pid
os.kill(first, 9)
while not run(["true"], limits=limits).returncode == 0 or supervisor().guard_pid == first: pass
os.kill(os.getpid(), 9)
"""
    main = start_main(body, pids, tmp_path)
    main.wait(timeout=60)
    assert eventually(lambda: all_gone(main.pid, pids, tmp_path))


def test_a_fifo_cleaned_away_is_replaced_and_nobody_is_killed() -> None:
    with_life = Session(["cat"], limits=Limits())
    with_life.start()
    try:
        assert with_life.ask("here\nEND\n", "END", 60).ended is None
        first = supervisor().guard_pid
        supervisor()._fifo.unlink()
        assert run(["true"], limits=Limits()).returncode == 0
        assert supervisor().guard_pid != first
        assert with_life.ask("here\nEND\n", "END", 30).text == "here\n"
    finally:
        with_life.kill()


def test_the_guard_is_in_a_session_of_its_own_and_ignores_the_terminal() -> None:
    run(["true"], limits=Limits())
    guard = supervisor().guard_pid
    assert guard is not None
    assert os.getsid(guard) == guard
    os.kill(guard, signal.SIGINT)
    os.kill(guard, signal.SIGTERM)
    assert run(["true"], limits=Limits()).ended is Ended.EXITED
    assert supervisor().guard_pid == guard


def test_one_supervisor_per_process() -> None:
    assert supervisor() is supervisor()


def test_without_a_guard_nothing_is_executed(tmp_path: Path) -> None:
    session = Session(["touch", str(tmp_path / "trace")], limits=Limits())
    own = supervisor()
    with own._lock:
        own._ensure_guard()
        fifo, own._fifo = own._fifo, tmp_path / "nobody-listens"
        os.mkfifo(own._fifo)
    try:
        session.start()
        reply = session.ask("", "END", 60)
    finally:
        own._fifo = fifo
    assert reply.ended is Ended.NOT_STARTED
    assert "touch" in reply.stderr
    assert not (tmp_path / "trace").exists()


def test_a_reused_number_is_not_killed(tmp_path: Path) -> None:
    """A registration whose start time is not that of the process with this number: a stranger."""
    stranger = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    try:
        own = Supervisor()
        with own._lock:
            own._ensure_guard()
            own._send(f"+{stranger.pid} 1 no-such-token\n")
        os.close(own._writer)
        own._writer = -1
        assert own._guard is not None
        own._guard.wait(timeout=60)
        assert running(stranger.pid)
    finally:
        kill_group(stranger.pid)
        stranger.wait()


def test_killing_a_group_twice_is_no_error() -> None:
    child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    kill_group(child.pid)
    assert child.wait(timeout=60) == -9
    kill_group(child.pid)

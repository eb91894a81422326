"""Turns itself into a sandboxed program: own session, registered with the guard, limits set, no network, then exec.

Run as `python -I -S _launch.py FIFO PARENT TOKEN NICE ADDRESS_SPACE NETWORK STDERR -- ARGV...` by `sandbox.supervisor`,
so that nothing of ours runs between fork and exec in a process that has threads. Standard library only, few imports: it
starts in about 20 ms. Any failure before exec ends it with status 125 and a line on stderr that starts with TOKEN.
"""

from __future__ import annotations

import os
import resource
import sys

FAILED = 125
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


def _unshare(flags: int) -> bool:
    import ctypes

    try:
        return bool(ctypes.CDLL(None).unshare(flags) == 0)
    except (OSError, AttributeError):
        return False


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:  # noqa: PTH123  (pathlib would double the start-up time)
        file.write(text)


def _isolate(method: str) -> bool:
    """Enter a network namespace without interfaces: directly (`net`), or inside a user namespace (`user`)."""
    if method == "net":
        return _unshare(_CLONE_NEWNET)
    uid, gid = os.getuid(), os.getgid()
    if not _unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
        return False
    try:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{uid} {uid} 1")
        _write("/proc/self/gid_map", f"{gid} {gid} 1")
    except OSError:
        return False
    return True


def _register(fifo: str, parent: int, token: str) -> None:
    """Tell the guard before anything is executed. The parent is looked at afterwards: if it died before, nobody may be
    left to act on the line, so stop here; if it dies later, the guard finds the line when it wakes."""
    with open("/proc/self/stat", "rb") as file:  # noqa: PTH123
        start = file.read().rpartition(b")")[2].split()[19].decode()
    descriptor = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)  # ENXIO when the guard is gone
    os.write(descriptor, f"+{os.getpid()} {start} {token}\n".encode())
    os.close(descriptor)
    if os.getppid() != parent:
        os._exit(FAILED)


def _restore_signals() -> None:
    """Python ignores these two, and ignored signals stay ignored across exec."""
    import signal

    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def _lower_limits(nice: str, address_space: str) -> None:
    os.nice(int(nice))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if address_space != "-":
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = int(address_space)
        bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def main(arguments: list[str]) -> None:
    """Never returns."""
    if arguments[0] == "--probe":
        sys.exit(0 if _isolate(arguments[1]) else 1)
    fifo, parent, token, nice, address_space, network, stderr, _, *argv = arguments
    try:
        if os.getsid(0) != os.getpid():
            os.setsid()
        if stderr != "-":
            os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
        _register(fifo, int(parent), token)
        if network != "on" and not _isolate(network):
            raise OSError("the network could not be cut off")
        _restore_signals()
        _lower_limits(nice, address_space)
        os.execvp(argv[0], argv)
    except (OSError, ValueError) as error:
        os.write(2, f"{token}: {argv[0]}: {error}\n".encode())
        os._exit(FAILED)


if __name__ == "__main__":
    main(sys.argv[1:])

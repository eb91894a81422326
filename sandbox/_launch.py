"""Turns itself into a sandboxed program: own session, registered with the guard, limits set, no network, no writing
outside of some folders, then exec.

Run as `python -I -S _launch.py FIFO PARENT TOKEN NICE ADDRESS_SPACE NETWORK STDERR WRITABLE -- ARGV...` by
`sandbox.supervisor`, so that nothing of ours runs between fork and exec in a process that has threads. Standard library
only, few imports: it starts in about 20 ms. Any failure before exec ends it with status 125 and a line on stderr that
starts with TOKEN.
"""

from __future__ import annotations

import os
import resource
import sys

FAILED = 125
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000

# Landlock, source: linux/landlock.h and the kernel's documentation (userspace-api/landlock). The numbers of the system
# calls are the same on all architectures.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PR_SET_NO_NEW_PRIVS = 38
_RULE_PATH_BENEATH = 1
_ASK_VERSION = 1
_WRITE_FILE = 1 << 1
_REMOVE_AND_MAKE = 0b1111111110000
"""Removing folders (4) and files (5); making devices, folders, files, sockets, pipes and links (6 to 12)."""
_REFER, _TRUNCATE = 1 << 13, 1 << 14
"""Known from version 2 and 3 on."""
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full")


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


def _write_rights(version: int) -> int:
    """Everything by which a process changes the file system, as far as the kernel knows it."""
    rights = _WRITE_FILE | _REMOVE_AND_MAKE
    return rights | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)


def _confine(folders: list[str]) -> bool:
    """Give up writing but beneath some folders, for good and for all children. What is open stays open; reading and
    executing stay as they were."""
    import ctypes
    import struct

    try:
        libc = ctypes.CDLL(None)
        libc.syscall.restype = ctypes.c_long

        def call(number: int, *arguments: int | bytes | None) -> int:
            return int(libc.syscall(ctypes.c_long(number), *(_wide(a) for a in arguments)))

        version = call(_CREATE_RULESET, None, 0, _ASK_VERSION)
        if version < 1:
            return False
        handled = _write_rights(version)
        ruleset = call(_CREATE_RULESET, struct.pack("=Q", handled), 8, 0)
        if ruleset < 0:
            return False
        of_a_file = handled & (_WRITE_FILE | _TRUNCATE)
        for path, rights in [*((f, handled) for f in folders), *((d, of_a_file) for d in _DEVICES)]:
            try:
                place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except OSError:
                continue  # what is not there cannot be written to
            added = call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
            os.close(place)
            if added != 0:
                return False
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, *(ctypes.c_long(n) for n in (1, 0, 0, 0))) != 0:
            return False
        confined = call(_RESTRICT_SELF, ruleset, 0) == 0
        os.close(ruleset)
    except (OSError, AttributeError):
        return False
    return confined


def _wide(argument: int | bytes | None) -> object:
    """An argument of a system call: numbers fill a register."""
    import ctypes

    return ctypes.c_long(argument) if isinstance(argument, int) else argument


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
        sys.exit(0 if (_confine([]) if arguments[1] == "confine" else _isolate(arguments[1])) else 1)
    fifo, parent, token, nice, address_space, network, stderr, writable, _, *argv = arguments
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
        if writable != "-" and not _confine(writable.split("\n")):
            raise OSError("writing could not be confined")
        os.execvp(argv[0], argv)
    except (OSError, ValueError) as error:
        os.write(2, f"{token}: {argv[0]}: {error}\n".encode())
        os._exit(FAILED)


if __name__ == "__main__":
    main(sys.argv[1:])

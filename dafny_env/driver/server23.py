"""DafnyServer of Dafny 2.3, kept warm: a pool of processes that each answer one request after another.

The protocol (found by talking to it): a request is a verb (`verify`; `symbols`, which stops after type checking), a
line with base64 of the JSON object {args, filename, source, sourceIsFile}, and the line `[[DAFNY-CLIENT: EOM]]`; the
answer ends with a line `[SUCCESS] [[DAFNY-SERVER: EOM]]` or, for a word it does not know, `Unknown verb 'WORD'` and
`[FAILURE] ...`. After `[FATAL]` the process ends. There is no trailer: the trace alone says what was verified.

Two measures keep answers honest. Every request has a file name never used before, since the server gives results it
remembers for a name to other texts of that name. And every request is followed by a random unknown verb, whose echo
ends the answer: text of the program that is printed by the verifier cannot pass for the end of an answer.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dafny_env.driver.cold import ended_badly, switches23
from dafny_env.driver.discovery import Installation
from dafny_env.driver.obligations import INSTRUMENTED, obligation_free
from dafny_env.driver.parse_output import parse_transcript
from dafny_env.driver.types import CheckRequest, CheckResult, Outcome, VerifierInfo
from dafny_env.driver.verdict import judge, unseen
from sandbox.limits import Limits
from sandbox.pool import Lease, WorkerPool
from sandbox.scratch import new_scratch
from sandbox.session import Reply, Session

_SUCCESS = "[SUCCESS] [[DAFNY-SERVER: EOM]]"
_FAILURE = "[FAILURE] [[DAFNY-SERVER: EOM]]"
RECYCLE_AFTER = 300
"""Checks after which a worker is replaced."""
RECYCLE_BYTES = 1 << 30
"""Resident size of a worker (its solver included) beyond which it is replaced."""
ENVIRONMENT = {"MONO_GC_PARAMS": "nursery-size=32m"}
"""For mono: a larger nursery saves a tenth of its time in a long-lived process, for 200 MB more of memory
(measured)."""


NO_SNAPSHOTS = "/verifySnapshots:0"
"""No reuse of earlier results: the server's own default, 2, also lifts equal lambdas of caller and callee to different
functions, so that proofs are lost. Not for the command line, which then looks for `F.v0.dfy` and verifies nothing."""


class ServerVerifier:
    """A `DafnyVerifier` over warm DafnyServer processes. Belongs to one event loop.

    workers: processes at most, each started when first needed. A check that passes its `seconds`, or that is
    cancelled, ends its worker, and the next check gets a new one. A crash is tried once more on a fresh worker
    before it is reported.
    """

    def __init__(
        self,
        installation: Installation,
        *,
        workers: int = 1,
        limits: Limits | None = None,
        recycle_after: int = RECYCLE_AFTER,
        env: dict[str, str] | None = None,
    ) -> None:
        """Raises ValueError when the installation has no DafnyServer."""
        if not isinstance(installation.server, tuple):
            raise ValueError(f"no DafnyServer: {installation.server}")
        self._installation = installation
        self._command = installation.server
        self._limits = limits or Limits()
        self._env = {**os.environ, **ENVIRONMENT} if env is None else env
        self._nonce = secrets.token_hex(6)
        self._numbers = itertools.count()
        self._folder: Path | None = None
        self._pool: WorkerPool[Session] = WorkerPool(
            self._session, workers, recycle_after=recycle_after, max_memory_bytes=RECYCLE_BYTES
        )

    @property
    def info(self) -> VerifierInfo:
        """Which verifier answers."""
        return self._installation.info

    def _session(self) -> Session:
        if self._folder is None:
            self._folder = new_scratch("dafny-server")
        limits = replace(self._limits, writable=(*(self._limits.writable or ()), self._folder))
        return Session(self._command, limits=limits, env=self._env, cwd=self._folder, scratch=self._folder)

    async def check(self, request: CheckRequest) -> CheckResult:
        """Check one file on a warm worker. The clock of `seconds` starts when a worker is free."""
        result = CheckResult(Outcome.CRASHED)
        spent = 0.0
        for attempt in range(2):
            async with self._pool.worker() as lease:
                began = time.monotonic()
                result = await self._check_on(lease, replace(request, seconds=request.seconds - spent))
                if result.outcome is Outcome.CRASHED:
                    lease.worker.kill()
                spent += time.monotonic() - began
            if result.outcome is not Outcome.CRASHED or attempt or spent > request.seconds / 2:
                break
        return replace(result, seconds=spent)

    async def _check_on(self, lease: Lease[Session], request: CheckRequest) -> CheckResult:
        began = time.monotonic()
        solver = self._installation.solver.path if self._installation.solver else None
        switches = [*switches23(request, solver), NO_SNAPSHOTS]
        verb = "symbols" if request.resolve_only else "verify"
        written = None
        if request.models and self._folder is not None:
            written = self._folder / f"models_{next(self._numbers)}.txt"
            switches.append(f"/mv:{written}")
        name, reply, complete = await self._ask(lease, request, verb, switches, request.seconds)
        if reply.ended is not None and "[FATAL]" not in reply.text:
            return ended_badly(reply.ended, reply.seconds, reply.text + reply.stderr)
        transcript = parse_transcript(reply.text, {name})
        result = judge(request, transcript, complete=complete)
        if result.outcome is Outcome.UNKNOWN and complete and (missing := unseen(request, result)):
            left = request.seconds - (time.monotonic() - began)
            _, listing, whole = await self._ask(lease, request, verb, [*switches, *INSTRUMENTED], max(left, 0.1))
            free = obligation_free(listing.text, missing) if whole else frozenset()
            result = judge(request, transcript, complete=complete, without_obligations=free)
        return replace(result, output=reply.text, models=_taken(written))

    async def _ask(
        self, lease: Lease[Session], request: CheckRequest, verb: str, switches: Sequence[str], seconds: float
    ) -> tuple[str, Reply, bool]:
        """Send one request; returns the file name it got, the answer, and whether that is whole."""
        name = f"lemmatree_{self._nonce}_{next(self._numbers)}.dfy"
        path = name if request.folder is None else str(request.folder.absolute() / name)
        message = {"args": list(switches), "filename": path, "source": request.source, "sourceIsFile": False}
        payload = base64.b64encode(json.dumps(message).encode("utf-8", "replace")).decode("ascii")
        closing = f"end-{secrets.token_hex(8)}"
        text = f"{verb}\n{payload}\n[[DAFNY-CLIENT: EOM]]\n{closing}\n"
        reply = await lease.call(lease.worker.ask, text, _FAILURE, seconds)
        lines = reply.text.rstrip().splitlines()
        closed = reply.ended is None and len(lines) > 1 and lines[-1] == f"Unknown verb '{closing}'"
        if not closed:
            lease.worker.kill()  # whatever it says next could not be told apart
            return name, reply, False
        return name, replace(reply, text="\n".join(lines[:-1])), lines[-2] == _SUCCESS

    async def close(self) -> None:
        """End all workers and their solvers."""
        await self._pool.close()


def _taken(file: Path | None) -> str:
    """The text of a file that is not needed any more; nothing where there is none."""
    if file is None or not file.is_file():
        return ""
    text = file.read_text("utf-8", "replace")
    file.unlink()
    return text

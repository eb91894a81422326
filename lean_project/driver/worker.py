"""One language server of Lean: texts are checked one after the other, as edits of one document, or of several where
their imports differ.

Protocol: after `didOpen` or `didChange`, `textDocument/waitForDiagnostics` is answered when everything about that
version has been published. Lean keeps what it elaborated up to the first difference, step by step inside a proof.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lean_project.driver.client import Answer, Conversation
from lean_project.driver.document import Document, read_tactic_goals, read_term_goal
from lean_project.driver.positions import common_length, normalised
from lean_project.driver.types import Diagnostic, GoalsAt, GoalsResult, LeanResult, Outcome, Place, Rule
from sandbox.limits import Ended, Limits

_SEND_SECONDS = 2.0
_SHORTEST_RECOVERY, _LONGEST_RECOVERY = 0.2, 5.0
"""Bounds in seconds on waiting for the end of an abandoned elaboration."""
_LOOK_SECONDS = 0.01
_QUIET_LOOKS = 3
_MOVED_ON = frozenset({-32801, -32800})
"""Errors by which a request is dropped because the document changed (`contentModified`, `requestCancelled`)."""
_ENDINGS = {
    Ended.TIMEOUT: Outcome.TIMEOUT,
    Ended.MEMORY: Outcome.MEMORY,
    Ended.CANCELLED: Outcome.UNKNOWN,
}
_GOALS = ("$/lean/plainGoal", "$/lean/plainTermGoal")
_DOCUMENTS = 3
"""Documents that are open at most, each with a process of its own; the one that was not used for longest goes."""
CAPABILITIES: dict[str, Any] = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}}
"""Nothing that makes Lean send more, such as incremental or silent diagnostics."""


_Questions = list[tuple[str, Any]]
"""Requests: method and parameters."""


class LeanWorker:
    """A `sandbox.pool.Worker`: a server that is started when first needed and again after its end. The methods block;
    one check at a time, `kill` from any thread.

    argv: the server's command line. env: its whole environment. folder: where it runs and where the documents' names
    point to (nothing is written there).
    """

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str], folder: Path, limits: Limits) -> None:
        self._argv = tuple(argv)
        self._env = dict(env)
        self._folder = folder
        self._limits = limits
        self._names = itertools.count(1)
        self._conversation: Conversation | None = None
        self._document: Document | None = None
        self._others: list[Document] = []  # those with other imports, the last used last
        self._greeting: int | None = None
        self._first_seconds = 0.0

    def start(self) -> Ended | None:
        """Start the server unless it runs; its greeting is waited for by the first check. Returns NOT_STARTED when it
        cannot be started."""
        if self._conversation is not None and self._conversation.alive:
            return None
        self.kill()
        self._document, self._others = None, []
        conversation = Conversation(
            self._argv, limits=self._limits, env=self._env, cwd=self._folder, on_notification=self._notified
        )
        self._conversation = conversation
        hello = {
            "processId": os.getpid(),
            "rootUri": None,
            "capabilities": CAPABILITIES,
            "initializationOptions": {"editDelay": 0},  # the name before 4.9 of the option in `argv`
        }
        self._greeting = conversation.request("initialize", hello, time.monotonic() + _SEND_SECONDS)
        return conversation.ended

    def kill(self) -> None:
        """End the server and its workers; a waiting check returns with UNKNOWN."""
        conversation = self._conversation
        if conversation is not None:
            conversation.kill()

    @property
    def alive(self) -> bool:
        """Whether the server runs."""
        return self._conversation is not None and self._conversation.alive

    @property
    def pid(self) -> int | None:
        """Pid of the server, None before the first start."""
        return None if self._conversation is None else self._conversation.pid

    def memory_bytes(self) -> int:
        """Resident bytes of the server and its workers."""
        return 0 if self._conversation is None else self._conversation.memory_bytes()

    def known(self, text: str) -> float:
        """How much of a text this worker has elaborated already: characters from its beginning."""
        for document in (self._document, *self._others):
            if document is not None and not document.broken and document.same_header(text):
                return float(common_length(document.text, text))
        return 0.0

    def check(self, text: str, seconds: float) -> LeanResult:
        """Check a text within `seconds`, the start of the server included. Whatever happens, the worker can be used
        again afterwards, or is not `alive`."""
        began = time.monotonic()
        deadline = began + seconds
        fresh = all(d is None or d.settled is None for d in (self._document, *self._others))
        outcome, diagnostics = self._elaborate(normalised(text), deadline)
        if fresh:
            self._first_seconds = time.monotonic() - began
        output = "" if outcome in (Outcome.OK, Outcome.ERRORS) else self._complaint()
        if outcome is Outcome.TIMEOUT:
            self._recover()
        return LeanResult(outcome, diagnostics, time.monotonic() - began, output=output)

    def goals(self, text: str, places: Sequence[Place], seconds: float) -> GoalsResult:
        """The goals at places of a text, within `seconds` for all. Not waited for: what comes behind the places."""
        began = time.monotonic()
        deadline = began + seconds

        def asked(document: Document) -> _Questions:
            return [(method, document.asking(place)) for place in places for method in _GOALS]

        answers, failure = self._ask(normalised(text), asked, deadline)
        if any(answer.error_code is not None for answer in answers):
            self.kill()
            answers, failure = [], Ended.EXITED
        outcome = Outcome.OK if failure is None else _ENDINGS.get(failure, Outcome.CRASHED)
        if outcome is Outcome.TIMEOUT:
            self._recover()
        found = tuple(
            GoalsAt(place, read_tactic_goals(tactic.result), read_term_goal(term.result))
            for place, tactic, term in zip(places, answers[::2], answers[1::2], strict=False)
        )
        return GoalsResult(outcome, found, time.monotonic() - began)

    def _elaborate(self, text: str, deadline: float) -> tuple[Outcome, tuple[Diagnostic, ...]]:
        def asked(document: Document) -> _Questions:
            return [("textDocument/waitForDiagnostics", document.waiting())]

        for _ in range(2):
            # Changed also where the text is the same: a change wakes a worker that has died unseen.
            answers, failure = self._ask(text, asked, deadline, always=True)
            document, conversation = self._document, self._conversation
            if failure is not None or document is None or conversation is None:
                found = None if document is None else document.diagnostics()
                return _ENDINGS.get(failure or Ended.EXITED, Outcome.CRASHED), found or ()
            if answers[0].error_code is None:
                document.settled = text
                return _judge(document.diagnostics())
            if answers[0].error_code not in _MOVED_ON:
                break
            self._forget(conversation, deadline)  # and once more, as a new document
        self.kill()  # the worker crashed: a new server is surer than what this one would do about it
        return Outcome.CRASHED, ()

    def _ask(
        self, text: str, asked: Callable[[Document], _Questions], deadline: float, *, always: bool = False
    ) -> tuple[list[Answer], Ended | None]:
        """Make `text` the document's and ask something about it: the answers, and why not all came.

        The process behind a document may die at any moment, and the watchdog then starts another at the next change
        and goes on as if nothing had been, or keeps requests back for ever. Neither is relied upon: what was answered
        after a death does not count, and the text is shown and asked about again, as a new document.
        """
        conversation, failure = self._ready(deadline)
        while conversation is not None and failure is None:
            failure = self._show(conversation, text, deadline, always=always)
            document = self._document
            if failure is not None or document is None:
                break
            # Of a new document `broken` tells that its header is bad, and the answers follow.
            mortal, document.asked = document if document.asked else None, True
            numbers = [conversation.request(method, params, deadline) for method, params in asked(document)]
            answers, failure = _gather(conversation, numbers, deadline, mortal)
            if mortal is None or not mortal.broken:
                return answers, failure
            if failure is None:
                self._forget(conversation, deadline)
        return [], failure or Ended.NOT_STARTED

    def _ready(self, deadline: float) -> tuple[Conversation | None, Ended | None]:
        """The conversation, greeted; or why there is none."""
        failure = self.start()
        conversation = self._conversation
        if failure is not None or conversation is None:
            return None, failure or Ended.NOT_STARTED
        if self._greeting is not None:
            answer = conversation.answer(self._greeting, deadline)
            if isinstance(answer, Ended):
                return conversation, answer
            self._greeting = None
            return conversation, conversation.notify("initialized", {}, deadline)
        return conversation, None

    def _show(self, conversation: Conversation, text: str, deadline: float, *, always: bool = False) -> Ended | None:
        """Make `text` the document's. always: with a new version even where it is that already."""
        document = self._document
        if document is not None and document.broken:
            self._forget(conversation, deadline)
            document = None
        if document is None or not document.same_header(text):
            document = self._other(conversation, text, deadline)
        if document is None:
            self._document = document = Document(self._folder / f"Checked{next(self._names)}.lean", text)
            return conversation.notify("textDocument/didOpen", document.opening(), deadline)
        if document.text == text and not always:
            return None
        return conversation.notify("textDocument/didChange", document.change(text), deadline)

    def _other(self, conversation: Conversation, text: str, deadline: float) -> Document | None:
        """Put the document at hand aside for the one with the imports of a text; None where a new one is wanted."""
        if self._document is not None:
            self._others.append(self._document)
        self._document = next((d for d in self._others if not d.broken and d.same_header(text)), None)
        if self._document is not None:
            self._others.remove(self._document)
        while len(self._others) >= _DOCUMENTS:
            conversation.notify("textDocument/didClose", self._others.pop(0).closing(), deadline)
        return self._document

    def _forget(self, conversation: Conversation, deadline: float) -> None:
        """Close the document, which ends the server's worker for it."""
        document, self._document = self._document, None
        if document is not None:
            conversation.notify("textDocument/didClose", document.closing(), deadline)

    def _recover(self) -> None:
        """End what did not come to an end: back to the last text that did, which also keeps what was elaborated of it.

        Lean then answers at once, but the abandoned elaboration goes on for as long again as it had run (seen with
        4.35), or for ever. So it is waited until the server computes nothing; and when that takes longer than a new
        server took for its first text, the server is killed.
        """
        conversation, document = self._conversation, self._document
        if conversation is None or document is None or (settled := document.settled) is None:
            self.kill()
            return
        deadline = time.monotonic() + min(max(self._first_seconds, _SHORTEST_RECOVERY), _LONGEST_RECOVERY)
        outcome, _ = self._elaborate(settled, deadline)
        quiet = 0
        while outcome in (Outcome.OK, Outcome.ERRORS) and quiet < _QUIET_LOOKS:
            if time.monotonic() > deadline:
                break
            time.sleep(_LOOK_SECONDS)
            quiet = 0 if conversation.is_busy() else quiet + 1
        if quiet < _QUIET_LOOKS:
            self.kill()

    def _complaint(self) -> str:
        return "" if self._conversation is None else self._conversation.stderr()

    def _notified(self, method: str, params: Any) -> None:
        for document in (self._document, *self._others):
            if document is None:
                continue
            if method == "textDocument/publishDiagnostics":
                document.publish(params)
            elif method == "$/lean/fileProgress":
                document.progress(params)


def _gather(
    conversation: Conversation, numbers: Sequence[int], deadline: float, mortal: Document | None
) -> tuple[list[Answer], Ended | None]:
    """The answers to requests, until one is missing, and why it is: None where the process behind `mortal` died."""
    answers: list[Answer] = []
    failure = None
    for number in numbers:
        answer = conversation.answer(number, deadline, lambda: mortal is not None and mortal.broken)
        if not isinstance(answer, Answer):
            failure = answer
            break
        answers.append(answer)
    for number in numbers[len(answers) :]:
        conversation.forget(number)
    return answers, failure


def _judge(diagnostics: tuple[Diagnostic, ...] | None) -> tuple[Outcome, tuple[Diagnostic, ...]]:
    """The outcome of a text that came to its end; without anything published there was none."""
    if diagnostics is None:
        return Outcome.UNKNOWN, ()
    errors = [d for d in diagnostics if d.severity == "error"]
    if any(d.rule is Rule.MISSING_IMPORT for d in errors):
        return Outcome.MISSING_IMPORT, diagnostics
    if errors:
        return Outcome.ERRORS, diagnostics
    return (Outcome.UNKNOWN if any(d.rule is Rule.INTERRUPTED for d in diagnostics) else Outcome.OK), diagnostics

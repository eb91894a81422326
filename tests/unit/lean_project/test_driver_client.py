"""The conversation with a child, without any knowledge of Lean."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lean_project.driver.client import Answer, Conversation
from sandbox.limits import Ended, Limits

PATIENCE = 60.0
ECHO = r"""
import json, sys, time
def write(**message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    sys.stdout.buffer.flush()
while True:
    length = int(sys.stdin.buffer.readline().split(b":")[1])
    sys.stdin.buffer.readline()
    message = json.loads(sys.stdin.buffer.read(length))
    match message["method"]:
        case "echo": write(id=message["id"], result=message["params"])
        case "fail": write(id=message["id"], error={"code": -5, "message": "no"})
        case "late": time.sleep(0.3); write(id=message["id"], result=1)
        case "tell": write(method="told", params=message["params"])
        case "deaf": time.sleep(1000)
        case "noise": sys.stdout.buffer.write(b"panic\r\n\r\n"); sys.stdout.buffer.flush()
"""

Opener = Callable[..., Conversation]


@pytest.fixture
def told() -> list[tuple[str, Any]]:
    return []


@pytest.fixture
def opened(tmp_path: Path, told: list[tuple[str, Any]]) -> Iterator[Opener]:
    conversations = []

    def open_one(limits: Limits | None = None) -> Conversation:
        argv = (sys.executable, "-c", ECHO)
        conversation = Conversation(
            argv, limits=limits or Limits(), env={}, cwd=tmp_path, on_notification=lambda *said: told.append(said)
        )
        conversations.append(conversation)
        return conversation

    yield open_one
    for conversation in conversations:
        conversation.kill()
        assert not conversation.alive


def soon(seconds: float = PATIENCE) -> float:
    return time.monotonic() + seconds


def test_answers_and_notifications(opened: Opener, told: list[tuple[str, Any]]) -> None:
    conversation = opened()
    numbers = [conversation.request("echo", {"n": n, "text": "𝔸⊢"}, soon()) for n in range(3)]
    for n, number in reversed(list(enumerate(numbers))):
        assert conversation.answer(number, soon()) == Answer({"n": n, "text": "𝔸⊢"})
    assert conversation.answer(conversation.request("fail", None, soon()), soon()) == Answer(None, -5, "no")
    assert conversation.notify("tell", [1], soon()) is None
    assert conversation.answer(conversation.request("echo", 0, soon()), soon()) == Answer(0)
    assert told == [("told", [1])]


def test_a_late_answer_is_not_kept(opened: Opener) -> None:
    conversation = opened()
    assert conversation.answer(conversation.request("echo", 0, soon()), soon()) == Answer(0)
    late = conversation.request("late", None, soon())
    assert conversation.answer(late, soon(0.05)) is Ended.TIMEOUT
    assert conversation.answer(conversation.request("echo", 2, soon()), soon()) == Answer(2)
    assert conversation.answer(late, soon(0.05)) is Ended.TIMEOUT


def test_a_child_that_does_not_read_does_not_hold_us_up(opened: Opener) -> None:
    conversation = opened()
    conversation.notify("deaf", None, soon())
    number = conversation.request("echo", "x" * (4 << 20), soon(0.5))
    assert conversation.answer(number, soon()) is Ended.TIMEOUT
    assert conversation.ended is Ended.TIMEOUT


def test_kill_wakes_whoever_waits(opened: Opener) -> None:
    conversation = opened()
    number = conversation.request("deaf", None, soon())
    threading.Timer(0.2, conversation.kill).start()
    assert conversation.answer(number, soon()) is Ended.CANCELLED


def test_what_is_no_message_ends_it(opened: Opener) -> None:
    conversation = opened()
    assert conversation.answer(conversation.request("noise", None, soon()), soon()) is Ended.OUTPUT


def test_a_message_longer_than_allowed_ends_it(opened: Opener) -> None:
    conversation = opened(Limits(output_bytes=1000))
    assert conversation.answer(conversation.request("echo", "x" * 2000, soon()), soon()) is Ended.OUTPUT

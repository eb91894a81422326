"""Messages of the language server protocol on a byte stream: a header with `Content-Length`, then JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_SEPARATOR = b"\r\n\r\n"
_LONGEST_HEADER = 4096


class BadFrame(ValueError):
    """The stream is not what the protocol says, or a message is longer than allowed: nothing after it can be read."""


def encode(message: Mapping[str, Any]) -> bytes:
    """One message as it goes over the wire."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return b"Content-Length: %d%s%s" % (len(body), _SEPARATOR, body)


class FrameReader:
    """Puts messages together from chunks of any size. longest: bytes that one message may have."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._buffer = bytearray()
        self._body: int | None = None

    def feed(self, chunk: bytes) -> list[dict[str, Any]]:
        """The messages that the chunk completes. Raises BadFrame."""
        self._buffer += chunk
        messages = []
        while (message := self._next()) is not None:
            messages.append(message)
        return messages

    def _next(self) -> dict[str, Any] | None:
        if self._body is None:
            end = self._buffer.find(_SEPARATOR, 0, _LONGEST_HEADER)
            if end < 0:
                if len(self._buffer) >= _LONGEST_HEADER:
                    raise BadFrame("a header without end")
                return None
            self._body = self._length(bytes(self._buffer[:end]))
            del self._buffer[: end + len(_SEPARATOR)]
        if len(self._buffer) < self._body:
            return None
        body = bytes(self._buffer[: self._body])
        del self._buffer[: self._body]
        self._body = None
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadFrame(f"not JSON: {error}") from error
        if not isinstance(message, dict):
            raise BadFrame("a message that is no object")
        return message

    def _length(self, header: bytes) -> int:
        for line in header.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length" and value.strip().isdigit():
                length = int(value)
                if length > self._longest:
                    raise BadFrame(f"a message of {length} bytes, {self._longest} are allowed")
                return length
        raise BadFrame(f"no Content-Length in {header[:80]!r}")

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_project.driver.framing import BadFrame, FrameReader, encode

VALUES = st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers(), max_size=3)


@given(st.lists(VALUES, max_size=4), st.integers(1, 40))
def test_what_was_encoded_is_read_in_chunks_of_any_size(messages: list[dict[str, Any]], size: int) -> None:
    messages = [json.loads(json.dumps(m).encode("utf-8", "replace")) for m in messages]
    stream = b"".join(encode(m) for m in messages)
    reader = FrameReader(1 << 20)
    read = [m for at in range(0, len(stream), size) for m in reader.feed(stream[at : at + size])]
    expected = [json.loads(encode(m).split(b"\r\n\r\n", 1)[1]) for m in messages]
    assert read == expected


def test_other_headers_are_passed_over() -> None:
    body = b'{"id":1}'
    head = b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length: %d\r\n\r\n" % len(body)
    assert FrameReader(100).feed(head + body) == [{"id": 1}]


def test_the_length_counts_bytes() -> None:
    assert encode({"a": "⊢"}) == b'Content-Length: 11\r\n\r\n{"a":"\xe2\x8a\xa2"}'


@pytest.mark.parametrize(
    "stream",
    [
        b"Content-Length: 101\r\n\r\n",
        b"Content-Length: x\r\n\r\n{}",
        b"Content-Length: 2\r\n\r\n[]",
        b"Content-Length: 2\r\n\r\n{]",
        b"panic: something\r\n\r\n",
        b"x" * 5000,
    ],
)
def test_what_cannot_be_read(stream: bytes) -> None:
    with pytest.raises(BadFrame):
        FrameReader(100).feed(stream)

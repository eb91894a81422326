"""A chat as plain text, for what knows no chat; and what can be said of a text without a tokenizer."""

from __future__ import annotations

from collections.abc import Sequence

from prover.sampling.port import Finish, Prompt

_LABELS = {"system": "", "user": "User:\n", "assistant": "Assistant:\n"}


def plain_text(prompt: Prompt) -> str:
    """The prompt as one text to go on with."""
    if prompt.raw is not None:
        return prompt.raw
    turns = [_LABELS[m.role] + m.content for m in prompt.messages]
    if prompt.messages[-1].role != "assistant":
        turns.append(_LABELS["assistant"])
    return "\n\n".join(turns)


def estimated_tokens(prompt: Prompt) -> int:
    """Tokens of a prompt, from above for what is proved here: half the ASCII characters (code has 2.5 and more to a
    token), every byte of others (byte-level vocabularies split rare symbols), 8 for the frame of each turn."""
    texts = [prompt.raw] if prompt.raw is not None else [m.content for m in prompt.messages]
    total = 0
    for text in texts:
        size = len(text.encode("utf-8", "replace"))
        ascii_only = sum(1 for c in text if c < "\x80")
        total += (ascii_only + 1) // 2 + size - ascii_only + 8
    return total


def cut(text: str, stop: Sequence[str], finish: Finish) -> tuple[str, Finish]:
    """The text before the first stop sequence in it, and why it ends then."""
    places = [place for word in stop if word and (place := text.find(word)) >= 0]
    return (text[: min(places)], Finish.STOP) if places else (text, finish)

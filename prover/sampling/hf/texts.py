"""Between prompts, tokens and texts: chat templates, decoding, and where a stop sequence is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from prover.sampling.plain import cut, plain_text
from prover.sampling.port import Finish, Prompt, SamplingFailed

CONTEXT = 4
"""Prompt tokens decoded before an answer: SentencePiece drops the space before a first word otherwise."""
MARGIN = 8
"""Tokens looked at beyond those a stop sequence can fill."""


class Texts:
    """A tokenizer of transformers, behind a lock: fast ones must not be used by two threads at once."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._lock = threading.Lock()

    @property
    def chat(self) -> bool:
        """Whether there is a chat template; without one, chats are rendered as plain text."""
        return bool(getattr(self._tokenizer, "chat_template", None))

    @property
    def ends(self) -> frozenset[int]:
        """The tokenizer's own end token, if it has one."""
        end = self._tokenizer.eos_token_id
        return frozenset() if end is None else frozenset({int(end)})

    def encode(self, prompt: Prompt) -> list[int]:
        """Token ids of a prompt, ready to be gone on with."""
        with self._lock:
            templated = bool(prompt.messages) and self.chat
            text = self._template(prompt) if templated else plain_text(prompt)
            # A template writes its own special tokens.
            return [int(i) for i in self._tokenizer(text, add_special_tokens=not templated)["input_ids"]]

    def fitted(self, name: str, prompt: Prompt, window: int | None) -> list[int] | SamplingFailed:
        """Token ids of a prompt that leaves room for an answer, or why there are none. name: the sampler's."""
        try:
            ids = self.encode(prompt)
        except Exception as error:  # A chat template is a program of the model's makers.
            return SamplingFailed(f"{name}: the chat template refuses this prompt: {error}.", final=True)
        if window is not None and len(ids) >= window:
            reason = f"{name}: the prompt has {len(ids)} tokens, and the model's window is {window}"
            return SamplingFailed(f"{reason}: shorten the prompt or use a model with a longer window.", final=True)
        return ids

    def decode(self, prompt: Sequence[int], ids: Sequence[int]) -> str:
        """The text of sampled tokens, special ones left out, as it continues the prompt."""
        with self._lock:
            before = list(prompt[-CONTEXT:])
            head, whole = self._decode(before), self._decode(before + list(ids))
            return whole[len(head) :] if whole.startswith(head) else self._decode(list(ids))

    def stops_in(self, ids: Sequence[int], stop: Sequence[str]) -> bool:
        """Whether the newest token may complete a stop sequence. A token has at least one byte, so only the last ones
        are decoded; the answer is to be confirmed on the whole text (`cut`)."""
        if not stop:
            return False
        window = max(len(word.encode()) for word in stop) + MARGIN
        with self._lock:
            tail = self._decode(list(ids[-window:]))
        return any(word in tail for word in stop if word)

    def ended(
        self, prompt: Sequence[int], ids: Sequence[int], stop: Sequence[str], finish: Finish
    ) -> tuple[str, Finish]:
        """The text of a sample, cut before its first stop sequence."""
        return cut(self.decode(prompt, ids), stop, finish)

    def _decode(self, ids: list[int]) -> str:
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text

    def _template(self, prompt: Prompt) -> str:
        chat = [{"role": m.role, "content": m.content} for m in prompt.messages]
        try:
            return self._applied(chat)
        except Exception:  # A template may raise what it likes: some refuse a system turn, so it joins the user's.
            if len(chat) < 2 or chat[0]["role"] != "system" or chat[1]["role"] != "user":
                raise
            first = {"role": "user", "content": chat[0]["content"] + "\n\n" + chat[1]["content"]}
            return self._applied([first, *chat[2:]])

    def _applied(self, chat: list[dict[str, str]]) -> str:
        last = chat[-1]["role"] == "assistant"
        text: str = self._tokenizer.apply_chat_template(
            chat, tokenize=False, add_generation_prompt=not last, continue_final_message=last
        )
        return text

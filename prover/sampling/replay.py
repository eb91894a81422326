"""Recording what a model answers, and answering from the record: runs without a model, again and again.

A record is a file of JSON lines: `{"model", "window", "family"}` once for each recording, `{"count", "tokens"}` for
each prompt that was counted (prompts are fitted to a window by these counts, so a replay needs the same), and `{"key",
"request", "answer"}` for each answer as it comes; a kill tears at most the last line. Equal requests replay in the
order in which they were answered; asked more often than that, the last answer is given again, as a back end that
honours seeds would. Failures are recorded too: a run that met them is that run. What was cancelled while recording has
no answer."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from prover.jsonlines import JsonLines, read_json_lines
from prover.sampling.beginnings import common_prefix
from prover.sampling.over import SamplerOver
from prover.sampling.plain import estimated_tokens, plain_text
from prover.sampling.port import Answer, Message, Prompt, Sampler, SampleRequest, SamplingFailed
from prover.sampling.wire import answer_of, answer_record, key_of, prompt_record, request_record
from sandbox.missing import Missing


class Recorder(SamplerOver):
    """A sampler that writes down what another one answers. Appends to what the file holds. family: of the prompts."""

    def __init__(self, sampler: Sampler, file: Path, *, family: str = "") -> None:
        super().__init__(sampler)
        self._family = family
        self._lines = JsonLines(file)
        self._counted: set[str] = set()
        self._begun = False

    def count(self, prompt: Prompt) -> int:
        """As the recorded sampler counts. Raises OSError when the disk is full or gone."""
        tokens = super().count(prompt)
        key = key_of(prompt_record(prompt))
        if key not in self._counted:
            self._counted.add(key)
            self._append({"count": key, "tokens": tokens})
        return tokens

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        """The recorded sampler's answers, each written down as soon as it is there. Raises OSError when the disk is
        full or gone: a record with holes would not be one."""
        return await asyncio.gather(*(self._one(request) for request in requests))

    async def close(self) -> None:
        """Close the sampler and the file."""
        await super().close()
        self._lines.close()

    async def _one(self, request: SampleRequest) -> Answer:
        (answer,) = await self._sampler.sample([request])
        record = request_record(request)
        self._append({"key": key_of(record), "request": record, "answer": answer_record(answer)})
        return answer

    def _append(self, record: Mapping[str, object]) -> None:
        if not self._begun:
            self._begun = True
            self._lines.append({"model": self.name, "window": self.window, "family": self._family})
        self._lines.append(record)


class ReplaySampler:
    """A sampler that answers from a record. model, family: what was recorded, the latest where the file holds several;
    empty where it does not tell."""

    def __init__(self, file: Path) -> None:
        self.model = ""
        self.family = ""
        self._file = file
        self._window: int | None = None
        self._counts: dict[str, int] = {}
        self._answers: defaultdict[str, list[Answer]] = defaultdict(list)
        self._requests: dict[str, Mapping[str, Any]] = {}
        self._asked: defaultdict[str, int] = defaultdict(int)
        for record in read_json_lines(file):
            try:
                self._read(record)
            except (KeyError, TypeError, ValueError):
                continue  # Not a line of ours, or of another version: as if it was not recorded.

    @property
    def name(self) -> str:
        """`replay:` and the file."""
        return f"replay:{self._file}"

    @property
    def window(self) -> int | None:
        """The recorded model's."""
        return self._window

    @property
    def recorded(self) -> int:
        """How many answers there are."""
        return sum(map(len, self._answers.values()))

    def count(self, prompt: Prompt) -> int:
        """As recorded; an estimate from above for prompts that were not counted then."""
        known = self._counts.get(key_of(prompt_record(prompt)))
        return estimated_tokens(prompt) if known is None else known

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        """The recorded answers; a final failure for a request that was not recorded."""
        return [self._one(request) for request in requests]

    async def close(self) -> None:
        """Nothing to free."""

    def _read(self, record: Mapping[str, Any]) -> None:
        if "model" in record:
            self._window = None if record["window"] is None else int(record["window"])
            self.model, self.family = str(record["model"]), str(record.get("family", ""))
        elif "count" in record:
            self._counts[str(record["count"])] = int(record["tokens"])
        else:
            answer, key = answer_of(record["answer"]), str(record["key"])
            self._requests[key] = record["request"]
            self._answers[key].append(answer)

    def _one(self, request: SampleRequest) -> Answer:
        record = request_record(request)
        key = key_of(record)
        answers = self._answers.get(key)
        if not answers:
            return SamplingFailed(f"{self.name} holds no answer to this request: {self._near(request)}.", final=True)
        turn = self._asked[key]
        self._asked[key] += 1
        return answers[min(turn, len(answers) - 1)]

    def _near(self, request: SampleRequest) -> str:
        """What was asked, and how the most similar recorded request differs."""
        record = request_record(request)
        shown = ", ".join(f"{k}={v!r}" for k, v in record.items() if k != "prompt")
        asked = f"asked {_quoted(plain_text(request.prompt))} with {shown}"
        same = [r for r in self._requests.values() if r.get("prompt") == record["prompt"]]
        if same:
            differences = [{k: r.get(k) for k in record if k != "prompt" and r.get(k) != record[k]} for r in same]
            least = min(differences, key=len)
            return f"{asked}; the same prompt is recorded with " + ", ".join(f"{k}={v!r}" for k, v in least.items())
        texts = [plain_text(prompt) for r in self._requests.values() if (prompt := _prompt_of(r)) is not None]
        if not texts:
            return f"{asked}; the file holds no answers at all"
        text = plain_text(request.prompt)
        nearest = max(texts, key=lambda other: common_prefix(text, other))
        at = common_prefix(text, nearest)
        return f"{asked}; the nearest recorded prompt differs from character {at}: {_quoted(nearest[at:])} there"


class ContinuedSampler(SamplerOver):
    """A sampler before another one that gives what was recorded before a run was broken off, each answer once, and asks
    for the rest. Failures that were recorded are asked about again. known: told of recorded answers that are given."""

    def __init__(self, sampler: Sampler, record: Path, known: Callable[[Answer], None] = lambda answer: None) -> None:
        super().__init__(sampler)
        self._known = known
        self._recorded: defaultdict[str, deque[Answer]] = defaultdict(deque)
        for line in read_json_lines(record):
            try:
                answer, key = answer_of(line["answer"]), str(line["key"])
            except (KeyError, TypeError, ValueError):
                continue
            if not isinstance(answer, SamplingFailed):
                self._recorded[key].append(answer)

    async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
        """Recorded answers where there are some left, else the other sampler's."""
        return await asyncio.gather(*(self._one(request) for request in requests))

    async def _one(self, request: SampleRequest) -> Answer:
        known = self._recorded.get(key_of(request_record(request)))
        if known:
            self._known(known[0])
            return known.popleft()
        (answer,) = await self._sampler.sample([request])
        return answer


def open_replay(file: str) -> Sampler | Missing:
    """The sampler over a record."""
    path = Path(file)
    how = "record one first (the samples.jsonl of a run folder), or give the path of one"
    if not path.is_file():
        return Missing(f"the record of completions {file}", how)
    try:
        replay = ReplaySampler(path)
    except OSError as error:
        return Missing(f"the record of completions {file}: {error.strerror or error}", how)
    return replay if replay.recorded else Missing(f"any answer in the record of completions {file}", how)


def _prompt_of(record: Mapping[str, Any]) -> Prompt | None:
    prompt = record.get("prompt")
    try:
        if not isinstance(prompt, Mapping):
            return None
        if "raw" in prompt:
            return Prompt(raw=str(prompt["raw"]))
        return Prompt(messages=tuple(Message(role, content) for role, content in prompt["messages"]))
    except (KeyError, TypeError, ValueError):
        return None


def _quoted(text: str, most: int = 80) -> str:
    """A text in one short line; of a long one the end, where prompts differ."""
    return repr(text if len(text) <= most else "..." + text[-most:])

"""Requests and answers as JSON, and the key by which equal requests are known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from prover.sampling.port import Answer, Finish, Prompt, Sample, SampleRequest, Samples, SamplingFailed


def prompt_record(prompt: Prompt) -> dict[str, Any]:
    """A prompt as JSON."""
    if prompt.raw is not None:
        return {"raw": prompt.raw}
    return {"messages": [[m.role, m.content] for m in prompt.messages]}


def request_record(request: SampleRequest) -> dict[str, Any]:
    """A request as JSON, without who is charged: another run may call its tasks otherwise."""
    return {
        "prompt": prompt_record(request.prompt),
        "n": request.n,
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "stop": list(request.stop),
        "seed": request.seed,
    }


def key_of(record: Mapping[str, Any]) -> str:
    """SHA-256 of a record, in hexadecimal. Numbers that are equal give equal keys (1 and 1.0)."""
    plain = {k: float(v) if k in ("temperature", "top_p") else v for k, v in record.items()}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def answer_record(answer: Answer) -> dict[str, Any]:
    """An answer as JSON."""
    if isinstance(answer, SamplingFailed):
        return {"failed": answer.reason, "final": answer.final} | ({"spent": True} if answer.spent else {})
    return {
        "samples": [
            {"text": s.text, "tokens": s.tokens, "finish": s.finish.value, "logprob": s.logprob, "seed": s.seed}
            for s in answer.samples
        ],
        "prompt_tokens": answer.prompt_tokens,
        "cached_tokens": answer.cached_tokens,
        "cost_usd": answer.cost_usd,
    }


def answer_of(record: Mapping[str, Any]) -> Answer:
    """Back from JSON. Raises KeyError, TypeError or ValueError for what `answer_record` does not write."""
    if "failed" in record:
        return SamplingFailed(str(record["failed"]), bool(record["final"]), bool(record.get("spent", False)))
    samples = tuple(
        Sample(str(s["text"]), int(s["tokens"]), Finish(s["finish"]), _maybe(s["logprob"]), int(s["seed"]))
        for s in record["samples"]
    )
    cost = _maybe(record["cost_usd"])
    return Samples(samples, int(record["prompt_tokens"]), int(record["cached_tokens"]), cost)


def _maybe(value: Any) -> float | None:
    return None if value is None else float(value)

"""The decode loop: continuous batching over one model.

Each turn drops cancelled rows, lets waiting samples join while there is room, and takes one step: one token for every
row. Not thread-safe: one thread calls `turn`."""

from __future__ import annotations

import inspect
from collections import deque
from typing import Any

import torch

from prover.sampling.hf.choosing import Draws, Tensor, key_of
from prover.sampling.hf.jobs import Job, Row
from prover.sampling.hf.prefixes import Prefixes, cache_name
from prover.sampling.hf.slots import Slots
from prover.sampling.hf.texts import Texts
from prover.sampling.port import Finish, Sample, SamplingFailed


class Engine:
    """Runs jobs over a model. max_rows: samples in one batch; max_columns: rows times the tokens that the
    longest of them may come to, prompt included: what bounds memory. kept: tokens of recent prompts remembered."""

    def __init__(
        self, model: Any, texts: Texts, ends: frozenset[int], max_rows: int, max_columns: int, kept: int
    ) -> None:
        self._model = model
        self._texts = texts
        self._ends = ends
        self._max_rows = max_rows
        self._max_columns = max_columns
        self._forward = frozenset(inspect.signature(model.forward).parameters)
        self._cache_name = cache_name(self._forward)
        self._prefixes = Prefixes(model, self._forward, kept)
        self._slots = Slots()
        self._rows: list[Row] = []
        self._waiting: deque[Job] = deque()
        self._draws: Draws | None = None
        self._next: Tensor = None

    @property
    def idle(self) -> bool:
        """Nothing runs and nothing waits."""
        return not self._rows and not self._waiting

    def add(self, job: Job) -> None:
        """Queue a job; first come, first served."""
        self._waiting.append(job)

    def turn(self) -> None:
        """One step of every row. Delivers what is complete; what goes wrong is delivered too."""
        try:
            with torch.inference_mode():
                self._drop_cancelled()
                self._admit()
                if self._rows:
                    self._step()
        except Exception as error:  # Whatever a model's own code raises must not take later requests along.
            if _out_of_memory(error):
                self._smaller(error)
            else:
                self._fail(_stopped(error))
        if self.idle:
            self._slots.clear()
            self._next = None

    def fail_all(self, reason: str) -> None:
        """Answer everything with a failure: the engine ends."""
        self._fail(reason)
        while self._waiting:
            self._waiting.popleft().deliver(SamplingFailed(reason, final=True))

    def _drop_cancelled(self) -> None:
        if any(job.cancelled for job in self._waiting):
            self._waiting = deque(job for job in self._waiting if not job.cancelled)
        gone = [i for i, row in enumerate(self._rows) if row.job.cancelled]
        if gone:
            self._leave(gone)

    def _admit(self) -> None:
        while self._waiting:
            job = self._waiting[0]
            copies = min(job.waiting, self._fitting(job))
            if copies <= 0:
                return
            if job.prefilled is None:
                try:
                    job.prefilled = self._prefixes.run(job.ids)
                except Exception as error:
                    if _out_of_memory(error):
                        raise
                    self._waiting.popleft().deliver(SamplingFailed(_stopped(error)))
                    continue
                job.cached = job.prefilled.cached if job.cached is None else job.cached
            self._join(job, copies)
            if not job.waiting:
                self._waiting.popleft()
                job.prefilled = None

    def _fitting(self, job: Job) -> int:
        """How many rows of a job may join now; an empty batch always takes one."""
        longest = max([job.longest, *(row.job.longest for row in self._rows)])
        room = min(self._max_rows, self._max_columns // longest)
        return max(room, 1 if not self._rows else 0) - len(self._rows)

    def _join(self, job: Job, copies: int) -> None:
        assert job.prefilled is not None
        new = [Row(job, job.started + i) for i in range(copies)]
        job.started += copies
        self._slots.join(job.prefilled.prefix, copies)
        logits = job.prefilled.logits.expand(copies, -1)
        chosen, logprobs = self._draws_of(new).choose(logits, self._positions(new))
        self._next = chosen if self._next is None or not self._rows else torch.cat([self._next, chosen])
        self._rows += new
        self._draws = None
        self._take(new, chosen, logprobs)
        self._leave_ended(new)

    def _step(self) -> None:
        slots, device = self._slots, self._model.device
        slots.ready()
        given: dict[str, Any] = {"input_ids": self._next[:, None], self._cache_name: slots.cache, "use_cache": True}
        mask = slots.mask(device)
        if mask is not None:
            given["attention_mask"] = mask
        if "position_ids" in self._forward:
            given["position_ids"] = torch.tensor(slots.lengths, device=device)[:, None]
        logits = self._model(**given).logits[:, -1]
        slots.advanced()
        if self._draws is None:
            self._draws = self._draws_of(self._rows)
        self._next, logprobs = self._draws.choose(logits, self._positions(self._rows))
        self._take(self._rows, self._next, logprobs)
        self._leave_ended(self._rows)

    def _draws_of(self, rows: list[Row]) -> Draws:
        asked = [row.job.request for row in rows]
        keys = [key_of(row.seed) for row in rows]
        return Draws(keys, [r.temperature for r in asked], [r.top_p for r in asked], self._model.device)

    def _positions(self, rows: list[Row]) -> Tensor:
        return torch.tensor([len(row.ids) for row in rows], device=self._model.device)

    @staticmethod
    def _take(rows: list[Row], chosen: Tensor, logprobs: Tensor) -> None:
        # One copy from the device: float64 holds a token's number exactly.
        both = torch.stack([chosen.double(), logprobs.double()]).tolist()
        for row, token, logprob in zip(rows, both[0], both[1], strict=True):
            row.ids.append(int(token))
            row.logprob += logprob

    def _leave_ended(self, rows: list[Row]) -> None:
        ended = {id(row) for row in rows if self._finished(row)}
        if ended:
            self._leave([i for i, row in enumerate(self._rows) if id(row) in ended])

    def _finished(self, row: Row) -> bool:
        """Whether a row is at its end; then its sample is recorded, and its job delivered if it was the last."""
        job, stop = row.job, row.job.request.stop
        if row.ids[-1] in self._ends:
            text, finish = self._texts.ended(job.ids, row.ids[:-1], stop, Finish.STOP)
        elif len(row.ids) >= job.most:
            text, finish = self._texts.ended(job.ids, row.ids, stop, Finish.LENGTH)
        elif self._texts.stops_in(row.ids, stop):
            text, finish = self._texts.ended(job.ids, row.ids, stop, Finish.LENGTH)
            if finish is not Finish.STOP:
                return False
        else:
            return False
        job.done[row.index] = Sample(text, len(row.ids), finish, row.logprob, row.seed)
        if job.complete:
            job.deliver(job.answer())
        return True

    def _leave(self, gone: list[int]) -> None:
        order = self._slots.leave(gone)
        self._rows = [self._rows[old] for old in order]
        self._next = self._next[order] if order else None
        self._draws = None

    def _fail(self, reason: str) -> None:
        """Answer the jobs that run, and the one that was about to."""
        jobs = {id(row.job): row.job for row in self._rows}
        if self._waiting and (not jobs or self._waiting[0].started):
            job = self._waiting.popleft()
            jobs[id(job)] = job
        self._stop_rows()
        for job in jobs.values():
            job.deliver(SamplingFailed(reason))

    def _smaller(self, error: Exception) -> None:
        """Out of memory: start again with half as many rows; with one row already, the request cannot be had."""
        most = max(len(self._rows), 1)
        jobs = list({id(row.job): row.job for row in self._rows}.values())
        self._stop_rows()
        if most == 1:
            self._waiting.extendleft(job for job in reversed(jobs) if job not in self._waiting)
            self._fail(f"Out of memory with one sample ({error}); use a smaller model or shorter prompts.")
            return
        self._max_rows = most // 2
        for job in self._waiting:
            job.again()
        for job in reversed(jobs):
            job.again()
            if job not in self._waiting:
                self._waiting.appendleft(job)

    def _stop_rows(self) -> None:
        self._rows = []
        self._next = self._draws = None
        self._slots.clear()
        self._prefixes.clear()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _out_of_memory(error: Exception) -> bool:
    """torch has a class for CUDA only."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error)


def _stopped(error: Exception) -> str:
    return f"The model stopped with {type(error).__name__}: {error}."

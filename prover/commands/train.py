"""`prover train export` and `prover train sft`: from run folders to training pairs, from pairs to a model."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from prover.commands.support import ExitCode, Services, say, write_stdout
from prover.console import noun
from prover.contract import SCHEMA_VERSION, Contract
from prover.output_files import STDOUT, write_atomically

if TYPE_CHECKING:
    from prover.training.sft import SftSettings, Trained

# What trains is imported when it is asked for: other commands do not wait for it.


@dataclass(frozen=True, slots=True)
class ExportArguments:
    """The command line as typed. purposes, outcomes: empty for the usual ones."""

    runs: tuple[Path, ...]
    out: str
    family: str = "generic"
    purposes: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    least_score: float = 0.0
    characters: int | None = None
    copies: int = 0
    seed: int = 0
    json: bool = False


@dataclass(frozen=True, slots=True)
class SftArguments:
    """The command line as typed. threads: of torch on a CPU, None for half the cores."""

    pairs: tuple[Path, ...]
    out: Path
    settings: SftSettings
    threads: int | None = None
    json: bool = False


class ExportJson(Contract):
    """What `prover train export --json` prints. left_out: why examples gave no pair, and how many."""

    schema_version: int = SCHEMA_VERSION
    output: str | None
    pairs: int = 0
    renamed: int = 0
    tasks: int = 0
    left_out: dict[str, int] = Field(default_factory=dict)
    reason: str = ""


class SftJson(Contract):
    """What `prover train sft --json` prints. loss: at the end; held_out: on the pairs kept back, null for none."""

    schema_version: int = SCHEMA_VERSION
    output: str | None
    family: str = ""
    pairs: int = 0
    left_out: int = 0
    parameters: int = 0
    updates: int = 0
    seconds: float = 0.0
    loss: float | None = None
    held_out: float | None = None
    reason: str = ""


def run_export(arguments: ExportArguments, services: Services) -> ExitCode:
    """Write the pairs. Raises only for errors of ours (see `support.guarded`)."""
    from prover.policy.language.formats import Purpose
    from prover.policy.opening import format_of
    from prover.training.examples import Example, NoRun, Outcome, examples
    from prover.training.export import pairs

    format_ = format_of(arguments.family)
    if isinstance(format_, str):
        return _refuse_export(arguments, format_)
    if arguments.json and arguments.out == STDOUT:
        return _refuse_export(arguments, "--out - and --json both want stdout; give --out a file.")
    try:
        purposes = frozenset(map(Purpose, arguments.purposes)) or frozenset(Purpose)
        outcomes = frozenset(map(Outcome, arguments.outcomes)) or frozenset([Outcome.CONFIRMED, Outcome.SOLVED])
    except ValueError as error:
        known = f"purposes: {', '.join(Purpose)}; outcomes: {', '.join(Outcome)}"
        return _refuse_export(arguments, f"{error}; there are {known}.")
    found: list[Example] = []
    for run in arguments.runs:
        read = examples(run, least_score=arguments.least_score)
        if isinstance(read, NoRun):
            return _refuse_export(arguments, read.reason)
        found += read
    made = pairs(
        found,
        format_,
        purposes=purposes,
        outcomes=outcomes,
        room=arguments.characters,
        copies=arguments.copies,
        seed=arguments.seed,
    )
    for why, count in made.left_out.most_common():
        say(f"{count} examples left out: {why}")
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made.rows)
    if arguments.out == STDOUT:
        write_stdout(text)
    else:
        try:
            write_atomically(Path(arguments.out), text)
        except OSError as error:
            return _refuse_export(arguments, f"--out {arguments.out}: cannot be written: {error.strerror or error}.")
    renamed = sum(bool(row["renamed"]) for row in made.rows)
    tasks = len({row["task"] for row in made.rows})
    reason = "" if made.rows else "no verified step was found that gives a pair; older versions recorded none."
    if reason:
        say(reason)
    count = len(made.rows)
    copies = f" ({renamed} of them renamed copies)" if renamed else ""
    say(f"{count} {noun(count, 'pair')}{copies} of {tasks} {noun(tasks, 'task')}: {arguments.out}")
    if arguments.json:
        report = ExportJson(
            output=arguments.out,
            pairs=len(made.rows),
            renamed=renamed,
            tasks=tasks,
            left_out=dict(made.left_out),
            reason=reason,
        )
        write_stdout(report.to_line())
    return ExitCode.DONE if made.rows else ExitCode.NOT_PROVED


def run_sft(arguments: SftArguments, services: Services) -> ExitCode:
    """Train. Raises only for errors of ours (see `support.guarded`)."""
    from prover.training.sft import NotTrained, read_pairs, train
    from sandbox.missing import Missing

    rows = read_pairs(arguments.pairs)
    if isinstance(rows, NotTrained):
        return _refuse_sft(arguments, rows.reason, ExitCode.INVALID)
    if arguments.out.exists() and (not arguments.out.is_dir() or any(arguments.out.iterdir())):
        return _refuse_sft(arguments, f"--out {arguments.out}: is there already; give a new folder.", ExitCode.INVALID)
    _hush()
    _use(arguments.threads or max(1, len(os.sched_getaffinity(0)) // 2))
    trained = train(rows, arguments.out, arguments.settings, say)
    if isinstance(trained, Missing):
        return _refuse_sft(arguments, f"missing: {trained.what}: {trained.how_to_get}", ExitCode.UNSUPPORTED)
    if isinstance(trained, NotTrained):
        return _refuse_sft(arguments, trained.reason, ExitCode.INVALID)
    say(_told(trained))
    if arguments.json:
        report = SftJson(
            output=str(trained.folder),
            family=trained.family,
            pairs=trained.pairs,
            left_out=trained.left_out,
            parameters=trained.parameters,
            updates=trained.updates,
            seconds=round(trained.seconds, 3),
            loss=trained.loss,
            held_out=trained.held_out,
        )
        write_stdout(report.to_line())
    return ExitCode.DONE


def explain_export(arguments: ExportArguments, reason: str) -> None:
    """Say in JSON, where that was asked for, why there are no pairs."""
    if arguments.json:
        write_stdout(ExportJson(output=None, reason=reason).to_line())


def explain_sft(reason: str, *, json: bool) -> None:
    """Say in JSON, where that was asked for, why there is no model."""
    if json:
        write_stdout(SftJson(output=None, reason=reason).to_line())


def _refuse_export(arguments: ExportArguments, reason: str) -> ExitCode:
    say(reason)
    explain_export(arguments, reason)
    return ExitCode.INVALID


def _refuse_sft(arguments: SftArguments, reason: str, code: ExitCode) -> ExitCode:
    say(reason)
    explain_sft(reason, json=arguments.json)
    return code


def _told(trained: Trained) -> str:
    held = "" if trained.held_out is None else f", {trained.held_out:.3f} on pairs kept back"
    left = f", {trained.left_out} too long" if trained.left_out else ""
    return (
        f"trained {trained.parameters / 1e6:.1f} million parameters on {trained.pairs} pairs{left} in "
        f"{trained.updates} updates, {trained.seconds:.0f} s: loss {trained.loss:.3f}{held}. "
        f"Try it: prover prove FILE --policy hf:{trained.folder}"
    )


def _use(threads: int) -> None:
    """Bound torch's threads: where the cores are wanted elsewhere too, they spin while they wait for each other, and
    training takes many times as long."""
    with contextlib.suppress(ImportError):  # told by `train`
        import torch

        torch.set_num_threads(threads)


def _hush() -> None:
    """The libraries' own progress and warnings: `say` tells what matters."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
    warnings.filterwarnings("ignore", module=r"(transformers|trl|torch)(\.|$)")
    for name in ("transformers", "trl", "datasets"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with contextlib.suppress(ImportError):  # told by `train`
        import transformers

        transformers.utils.logging.disable_progress_bar()

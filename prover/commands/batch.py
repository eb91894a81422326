"""The commands over many tasks (`eval`, `report`, `export`, `data`, `train`); what they do is in modules beside this
one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from prover.commands.eval_arguments import EvalArguments
from prover.commands.export import RunExportArguments, explain_run_export, run_run_export
from prover.commands.options import (
    AnswerTokens,
    BaseUrl,
    Family,
    Json,
    Policy,
    Seconds,
    Strategy,
    Temperature,
    finish,
)
from prover.commands.report import ReportArguments, explain_report, run_report
from prover.commands.train import ExportArguments, SftArguments, explain_export, explain_sft, run_export, run_sft
from prover.commands.usage import Explain

# What evaluates and fetches is imported by its own commands: no other one waits for it.

train = typer.Typer(name="train", help="Learn from runs: training pairs, and models from them.", no_args_is_help=True)

data = typer.Typer(name="data", help="Published benchmarks' data.", no_args_is_help=True)


def evaluate(
    context: typer.Context,
    benchmark: Annotated[
        str | None,
        typer.Argument(
            metavar="BENCHMARK|PATH",
            help="algoveri, verina, clever, dafnybench, starter, or your own: a folder, or a file of JSON lines.",
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="The benchmark's data.", show_default="as `data fetch` puts it"),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="Only this task; may be repeated, may be a pattern (basic_*)."),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="Only the first so many of these.")] = None,
    mode: Annotated[
        str | None,
        typer.Option("--mode", metavar="proof|code|codeproof", help="What is to be written, where there is a choice."),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="dafny|lean", help="Only tasks in this language.")
    ] = None,
    attempts: Annotated[int | None, typer.Option("--attempts", help="At each task.", show_default="1")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Attempts at a time.", show_default="one per core")
    ] = None,
    policy: Policy = None,
    strategy: Strategy = None,
    seconds: Seconds = None,
    checks: Annotated[int | None, typer.Option("--checks", help="Budget of verifier checks of an attempt.")] = None,
    tokens: Annotated[int | None, typer.Option("--tokens", help="Budget of sampled tokens of an attempt.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Of the first attempts.", show_default="0")] = None,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", metavar="PATH", help="Judge these answers (a folder or JSONL); nothing is searched."),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run",
            metavar="DIR",
            help="A new folder for the run; with --resume, the folder of the run that goes on.",
            show_default=".prover/runs/...",
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --run, as it was begun.")] = False,
    retry_errors: Annotated[
        bool, typer.Option("--retry-errors", help="With --resume: make attempts that ended in an error once more.")
    ] = False,
    ray: Annotated[
        str | None, typer.Option("--ray", metavar="ADDRESS|auto", help="On the nodes of a Ray cluster.")
    ] = None,
    require_supported: Annotated[
        bool, typer.Option("--require-supported", help="Exit code 3 if any task is unsupported or invalid here.")
    ] = False,
    family: Family = None,
    base_url: BaseUrl = None,
    temperature: Temperature = None,
    answer_tokens: AnswerTokens = None,
    json: Json = False,
) -> None:
    """Run over the tasks of a benchmark, and count what is proved, by our gate and by the benchmark's own rule.

    Exit code 0: every attempt has ended, whatever came of it.
    5: some ended in an error; again with --resume --retry-errors.
    130: interrupted; go on with --resume.
    """
    from prover.commands.eval import explain_eval, run_eval

    arguments = EvalArguments(
        benchmark,
        policy,
        strategy,
        seconds,
        checks,
        tokens,
        seed,
        family,
        base_url,
        temperature,
        answer_tokens,
        data,
        language,
        mode,
        tuple(part for name in only or () for part in name.split(",") if part),
        limit,
        attempts,
        workers,
        answers,
        run,
        resume,
        retry_errors,
        ray,
        require_supported,
        json,
    )
    finish(context, lambda services: run_eval(arguments, services), lambda reason: explain_eval(arguments, reason))


def export_run(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run folder of an evaluation.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder that the files go to.")],
    what: Annotated[
        list[str] | None,
        typer.Option("--what", help="solved, diffs, jsonl or comparator; several with commas.", show_default="all"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there already.")] = False,
    json: Json = False,
) -> None:
    """Write what an evaluation solved as files: proofs, diffs, one table, and projects for Lean's Comparator."""
    arguments = RunExportArguments(run, out, tuple(what or ()), force, json)
    finish(
        context,
        lambda services: run_run_export(arguments, services),
        lambda reason: explain_run_export(arguments, reason),
    )


def report(
    context: typer.Context,
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Run folders of evaluations; the first is what others are compared to."),
    ],
    out: Annotated[
        str | None,
        typer.Option(
            "--out", metavar="FILE|-", help="Where the page goes; - is standard output.", show_default="RUN/report.html"
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Write one HTML page about evaluations: rates with their intervals, every task with its proof and search tree."""
    arguments = ReportArguments(tuple(runs), out, json)
    finish(context, lambda services: run_report(arguments, services), lambda reason: explain_report(arguments, reason))


@train.command()
def export(
    context: typer.Context,
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run folders, or folders of run folders.")],
    out: Annotated[str, typer.Option("--out", metavar="FILE|-", help="Where the pairs go, as JSON lines.")],
    family: Annotated[
        str, typer.Option("--family", help="Whose prompts: generic, goedel, deepseek, bfs or compact.")
    ] = "generic",
    purpose: Annotated[
        list[str] | None, typer.Option("--purpose", help="close, decompose or repair; all of them unless given.")
    ] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome", help="confirmed (by the gate), solved or accepted.", show_default="confirmed, solved"
        ),
    ] = None,
    least_score: Annotated[float, typer.Option("--least-score", help="S of accepted decompositions, at least.")] = 0.0,
    characters: Annotated[int | None, typer.Option("--characters", help="Of a pair, at most.", min=1)] = None,
    renamed: Annotated[
        int, typer.Option("--renamed", help="Copies of each pair with other symbols for names (compact).", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Of the other names.")] = 0,
    json: Json = False,
) -> None:
    """Turn the journals of runs into training pairs: what was proved, and what was mended."""
    arguments = ExportArguments(
        tuple(runs),
        out,
        family,
        tuple(purpose or ()),
        tuple(outcome or ()),
        least_score,
        characters,
        renamed,
        seed,
        json,
    )
    finish(context, lambda services: run_export(arguments, services), lambda reason: explain_export(arguments, reason))


@train.command()
def sft(
    context: typer.Context,
    pairs: Annotated[list[Path], typer.Argument(metavar="PAIRS...", help="Files of `prover train export`.")],
    model: Annotated[
        str, typer.Option("--model", help="A model's folder or hub name, or scratch:tiny, scratch:small.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder for the model.")],
    epochs: Annotated[float, typer.Option("--epochs", help="Passes over the pairs.", min=0.0)] = 3.0,
    minutes: Annotated[float | None, typer.Option("--minutes", help="Of training, at most.", min=0.0)] = None,
    batch: Annotated[int, typer.Option("--batch", help="Pairs of one step and device.", min=1)] = 8,
    accumulate: Annotated[int, typer.Option("--accumulate", help="Steps of one update.", min=1)] = 1,
    learning_rate: Annotated[
        float | None, typer.Option("--learning-rate", show_default="2e-5; from scratch 2e-3", min=0.0)
    ] = None,
    length: Annotated[int, typer.Option("--length", help="Tokens of a pair, at most.", min=16)] = 4096,
    lora: Annotated[int, typer.Option("--lora", help="Rank of LoRA; 0 trains all weights.", min=0)] = 0,
    keep: Annotated[float, typer.Option("--keep", help="Share of the pairs kept back.", min=0.0, max=0.5)] = 0.0,
    seed: Annotated[int, typer.Option("--seed", help="Seed of all randomness.")] = 0,
    threads: Annotated[
        int | None, typer.Option("--threads", help="Of torch on a CPU.", show_default="half the cores", min=1)
    ] = None,
    json: Json = False,
) -> None:
    """Fine-tune a language model on training pairs; use it with `--policy hf:DIR`."""
    from prover.training.sft import SCRATCH, SftSettings

    rate = learning_rate if learning_rate is not None else 2e-3 if model.startswith(SCRATCH) else 2e-5
    settings = SftSettings(
        model=model,
        epochs=epochs,
        minutes=minutes,
        batch=batch,
        accumulate=accumulate,
        learning_rate=rate,
        length=length,
        lora=lora,
        keep=keep,
        seed=seed,
    )
    arguments = SftArguments(tuple(pairs), out, settings, threads, json)
    finish(context, lambda services: run_sft(arguments, services), lambda reason: explain_sft(reason, json=json))


@data.callback()
def _data() -> None:
    """Published benchmarks' data."""


@data.command()
def fetch(
    context: typer.Context,
    benchmark: Annotated[str, typer.Argument(metavar="BENCHMARK", help="algoveri, verina, clever or dafnybench.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="A new folder for it.", show_default="where `prover eval` looks"),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option("--from", metavar="URL|DIR|FILE", help="A clone, a mirror or a wheel to take it from."),
    ] = None,
    json: Json = False,
) -> None:
    """Fetch the pinned data of BENCHMARK with git or pip, and check that all of it is there."""
    from prover.commands.data import FetchArguments, explain_fetch, run_fetch

    arguments = FetchArguments(benchmark, to, origin, json)
    finish(context, lambda services: run_fetch(arguments, services), lambda reason: explain_fetch(arguments, reason))


def _explain_eval(reason: str) -> None:
    from prover.commands.eval import explain_eval

    explain_eval(EvalArguments(None, json=True), reason)


def _explain_fetch(reason: str) -> None:
    from prover.commands.data import FetchArguments, explain_fetch

    explain_fetch(FetchArguments("", json=True), reason)


EXPLAIN: Mapping[str, Explain] = {
    "eval": _explain_eval,
    "report": lambda reason: explain_report(ReportArguments((), json=True), reason),
    "export": lambda reason: explain_run_export(RunExportArguments(Path(), Path(), json=True), reason),
    "data fetch": _explain_fetch,
    "train export": lambda reason: explain_export(ExportArguments((), "", json=True), reason),
    "train sft": lambda reason: explain_sft(reason, json=True),
}
"""By their words, what tells scripts of these commands why there is no result, where their options make no sense."""

"""The command `prover`: its commands and options. What they do is in the modules `cli_...` and in `doctor`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from prover.cli_check import CheckArguments, explain_check, run_check
from prover.cli_data import FetchArguments, explain_fetch, run_fetch
from prover.cli_decompose import DecomposeArguments, explain_decompose, run_decompose
from prover.cli_eval import explain_eval, run_eval
from prover.cli_export import RunExportArguments, explain_run_export, run_run_export
from prover.cli_prove import ProveArguments, explain_prove, run_prove
from prover.cli_report import ReportArguments, run_report
from prover.cli_show import ShowArguments, explain_show, run_show
from prover.cli_support import ExitCode, Services, guarded
from prover.cli_train import ExportArguments, SftArguments, explain_export, explain_sft, run_export, run_sft
from prover.console import abandon
from prover.doctor import explain_doctor, run_doctor
from prover.eval_arguments import EvalArguments
from prover.run_folder import package_version

app = typer.Typer(
    name="prover",
    help="Finds the proofs missing in Dafny and Lean files, and checks proofs for cheating.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

train = typer.Typer(name="train", help="Learn from runs: training pairs, and models from them.", no_args_is_help=True)
app.add_typer(train)

data = typer.Typer(name="data", help="Published benchmarks' data.", no_args_is_help=True)
app.add_typer(data)

Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
Seconds = Annotated[float | None, typer.Option("--seconds", help="Time budget, wall clock.", show_default="60")]
Family = Annotated[
    str | None,
    typer.Option("--family", help="Prompts of a model's family.", show_default="as its folder or name tells"),
]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", help="Of an openai: server.", show_default="$OPENAI_BASE_URL")
]
Temperature = Annotated[
    float | None, typer.Option("--temperature", help="Of a model's first answers.", show_default="0.7")
]
AnswerTokens = Annotated[
    int | None, typer.Option("--answer-tokens", help="Of one answer, at most.", show_default="2048")
]

Language = Annotated[
    str | None,
    typer.Option("--language", metavar="dafny|lean", help="What FILE is.", show_default="by its name, else its text"),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"prover {package_version()}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Finds the proofs missing in Dafny and Lean files, and checks proofs for cheating.

    Exit codes: 0 proved, accepted or decomposed, 1 not proved or rejected, 2 bad input, 3 unsupported or a tool is
    missing, 4 refuted, 5 an error of ours, 130 interrupted.
    """


@app.command()
def prove(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A .dfy or .lean file, FILE:Name for one declaration, or -.")
    ],
    policy: Annotated[
        str | None, typer.Option("--policy", help="Who proposes proofs.", show_default="symbolic")
    ] = None,
    strategy: Annotated[
        str | None, typer.Option("--strategy", help="How the search goes on.", show_default="best-first")
    ] = None,
    seconds: Seconds = None,
    checks: Annotated[int | None, typer.Option("--checks", help="Budget of verifier checks.")] = None,
    tokens: Annotated[int | None, typer.Option("--tokens", help="Budget of sampled tokens.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of all randomness.", show_default="0")] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", metavar="FILE|-", help="Where the proof goes.", show_default="NAME.proved.dfy (or .lean)"
        ),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option("--run", metavar="DIR", help="A new folder for the run.", show_default=".prover/runs/..."),
    ] = None,
    family: Family = None,
    base_url: BaseUrl = None,
    temperature: Temperature = None,
    answer_tokens: AnswerTokens = None,
    language: Language = None,
    json: Json = False,
) -> None:
    """Find the proofs missing in FILE, and write the proved file beside it (never over it)."""
    arguments = ProveArguments(
        file,
        policy,
        strategy,
        seconds,
        checks,
        tokens,
        seed,
        out,
        run,
        family,
        base_url,
        temperature,
        answer_tokens,
        json,
        language,
    )
    _finish(context, lambda services: run_prove(arguments, services), lambda reason: explain_prove(arguments, reason))


@app.command()
def check(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="The file to judge.")],
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="ORIGINAL", help="The file it must be a proof of: nothing else may differ."),
    ] = None,
    seconds: Seconds = None,
    language: Language = None,
    json: Json = False,
) -> None:
    """Judge FILE: does it verify in a fresh verifier, without cheating, and does it prove ORIGINAL?"""
    arguments = CheckArguments(file, against, seconds, json, language)
    _finish(context, lambda services: run_check(arguments, services), lambda reason: explain_check(arguments, reason))


@app.command()
def decompose(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A .dfy or .lean file, FILE:Name for one declaration, or -.")
    ],
    policy: Annotated[
        str | None, typer.Option("--policy", help="Who proposes decompositions.", show_default="symbolic")
    ] = None,
    seconds: Seconds = None,
    checks: Annotated[int | None, typer.Option("--checks", help="Budget of verifier checks.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of all randomness.", show_default="0")] = None,
    language: Language = None,
    json: Json = False,
) -> None:
    """Rank ways to split each goal of FILE into lemmas, by the decomposition score.

    Exit code 0: at least one goal has a decomposition without a refuted lemma, or closes without one (or nothing is
    open). 1: nothing within the budget. 4: a goal itself is false. 130: interrupted, what was found is shown.
    """
    arguments = DecomposeArguments(file, policy, seconds, checks, seed, json, language)
    _finish(
        context,
        lambda services: run_decompose(arguments, services),
        lambda reason: explain_decompose(arguments, reason),
    )


@app.command("eval")
def evaluate(
    context: typer.Context,
    benchmark: Annotated[
        str | None,
        typer.Argument(
            metavar="BENCHMARK|PATH", help="algoveri, verina, clever, dafnybench, starter, or a folder of tasks."
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
    limit: Annotated[int | None, typer.Option("--limit", help="Only the first so many tasks.")] = None,
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
    policy: Annotated[
        str | None, typer.Option("--policy", help="Who proposes proofs.", show_default="symbolic")
    ] = None,
    strategy: Annotated[
        str | None, typer.Option("--strategy", help="How the search goes on.", show_default="best-first")
    ] = None,
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
        typer.Option("--run", metavar="DIR", help="A new folder for the run.", show_default=".prover/runs/..."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --run, as it was begun.")] = False,
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

    Exit code 0: every attempt has ended, whatever came of it. 5: some ended in an error of ours. 130: interrupted; go
    on with --resume.
    """
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
        ray,
        require_supported,
        json,
    )
    _finish(context, lambda services: run_eval(arguments, services), lambda reason: explain_eval(arguments, reason))


@app.command()
def show(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, as `prove` names it at its end.")],
    task: Annotated[str | None, typer.Argument(metavar="[TASK]", help="One task of a run of several.")] = None,
    svg: Annotated[
        str | None,
        typer.Option("--svg", metavar="FILE|-", help="Draw the tree to a file instead; - is standard output."),
    ] = None,
    json: Json = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Draw everything: lost branches, rejected candidates, what is far down.")
    ] = False,
    width: Annotated[
        int | None,
        typer.Option("--width", min=40, help="Characters of a line.", show_default="the terminal's, else 120"),
    ] = None,
) -> None:
    """Show the search tree of a run: goals, the steps tried for them, scores, checks and time."""
    arguments = ShowArguments(run, task, svg, json, everything, width)
    _finish(context, lambda services: run_show(arguments, services), lambda reason: explain_show(arguments, reason))


@app.command("export")
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
    _finish(
        context,
        lambda services: run_run_export(arguments, services),
        lambda reason: explain_run_export(arguments, reason),
    )


@app.command()
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
) -> None:
    """Write one HTML page about evaluations: rates with their intervals, every task with its proof and search tree."""
    arguments = ReportArguments(tuple(runs), out)
    _finish(context, lambda services: run_report(arguments, services), lambda reason: None)


@app.command()
def doctor(context: typer.Context, json: Json = False) -> None:
    """Look for everything that is needed, and say how to get what is missing."""
    _finish(
        context,
        lambda services: run_doctor(services, json=json),
        lambda reason: explain_doctor(reason, json=json),
    )


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
    _finish(context, lambda services: run_export(arguments, services), lambda reason: explain_export(arguments, reason))


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
    _finish(context, lambda services: run_sft(arguments, services), lambda reason: explain_sft(arguments, reason))


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
    arguments = FetchArguments(benchmark, to, origin, json)
    _finish(context, lambda services: run_fetch(arguments, services), lambda reason: explain_fetch(arguments, reason))


def _finish(context: typer.Context, command: Callable[[Services], ExitCode], explain: Callable[[str], None]) -> None:
    services = context.find_object(Services) or Services()
    raise typer.Exit(int(guarded(lambda: command(services), explain)))


def main() -> None:
    """The whole command, from `sys.argv` to the exit."""
    try:
        app(prog_name="prover")
    finally:
        try:
            sys.stdout.flush()
        except OSError:
            abandon(sys.stdout)
        with contextlib.suppress(OSError):
            sys.stderr.flush()

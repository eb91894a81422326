"""The command `prover`: its commands and options. What they do is in the modules beside this one."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from prover.commands import batch
from prover.commands.check import CheckArguments, explain_check, run_check
from prover.commands.decompose import DecomposeArguments, explain_decompose, run_decompose
from prover.commands.doctor import explain_doctor, run_doctor
from prover.commands.options import (
    AnswerTokens,
    BaseUrl,
    Checks,
    Family,
    Json,
    Language,
    Policy,
    RunFolder,
    Seconds,
    Seed,
    Strategy,
    Temperature,
    Tokens,
    finish,
)
from prover.commands.prove import ProveArguments, explain_prove, run_prove
from prover.commands.show import ShowArguments, explain_show, run_show
from prover.commands.usage import explaining
from prover.console import abandon
from prover.decompositions import DecomposeStatus
from prover.results import Status
from prover.run_folder import package_version
from prover.sampling.aside import left_running

app = typer.Typer(
    name="prover",
    cls=explaining(
        {
            "prove": lambda reason: explain_prove(ProveArguments("", json=True), reason, Status.INVALID),
            "check": lambda reason: explain_check(CheckArguments("", json=True), reason),
            "decompose": lambda reason: explain_decompose(
                DecomposeArguments("", json=True), reason, DecomposeStatus.INVALID
            ),
            "show": lambda reason: explain_show(ShowArguments(Path(), json=True), reason),
            "doctor": lambda reason: explain_doctor(reason, json=True),
            **batch.EXPLAIN,
        }
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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

    Exit codes: 0 proved, accepted or decomposed; 1 not proved or rejected;
    2 bad input; 3 unsupported, or a tool is missing; 4 refuted;
    5 an error of ours; 130 interrupted.
    """


@app.command()
def prove(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A .dfy or .lean file, FILE:Name for one declaration, or -.")
    ],
    policy: Policy = None,
    strategy: Strategy = None,
    seconds: Seconds = None,
    checks: Checks = None,
    tokens: Tokens = None,
    seed: Seed = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", metavar="FILE|-", help="Where the proof goes.", show_default="NAME.proved.dfy (or .lean)"
        ),
    ] = None,
    run: RunFolder = None,
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
    finish(context, lambda services: run_prove(arguments, services), lambda reason: explain_prove(arguments, reason))


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
    finish(context, lambda services: run_check(arguments, services), lambda reason: explain_check(arguments, reason))


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
    checks: Checks = None,
    tokens: Tokens = None,
    seed: Seed = None,
    family: Family = None,
    base_url: BaseUrl = None,
    temperature: Temperature = None,
    answer_tokens: AnswerTokens = None,
    language: Language = None,
    json: Json = False,
) -> None:
    """Rank ways to split each goal of FILE into lemmas, by the decomposition score.

    Exit code 0: at least one goal has a decomposition without a refuted
    lemma, or closes without one (or nothing is open).
    1: nothing within the budget. 4: a goal itself is false.
    130: interrupted, what was found is shown.
    """
    arguments = DecomposeArguments(
        file,
        policy,
        seconds,
        checks,
        tokens,
        seed,
        family,
        base_url,
        temperature,
        answer_tokens,
        json,
        language,
    )
    finish(
        context,
        lambda services: run_decompose(arguments, services),
        lambda reason: explain_decompose(arguments, reason),
    )


@app.command()
def show(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, as `prove` or `eval` names it at its end.")],
    task: Annotated[
        str | None,
        typer.Argument(metavar="[TASK]", help="One task of a run of several; TASK#2 for the second attempt at it."),
    ] = None,
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
    finish(context, lambda services: run_show(arguments, services), lambda reason: explain_show(arguments, reason))


@app.command()
def doctor(context: typer.Context, json: Json = False) -> None:
    """Look for everything that is needed, and say how to get what is missing."""
    finish(
        context,
        lambda services: run_doctor(services, json=json),
        lambda reason: explain_doctor(reason, json=json),
    )


app.command("eval")(batch.evaluate)
app.command("report")(batch.report)
app.command("export")(batch.export_run)
app.add_typer(batch.data)
app.add_typer(batch.train)


def main() -> None:
    """The whole command, from `sys.argv` to the exit."""
    try:
        app(prog_name="prover")
    except SystemExit as ended:
        _flush()
        if left_running() and isinstance(ended.code, int):
            os._exit(ended.code)
        raise
    finally:
        _flush()


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        abandon(sys.stdout)
    with contextlib.suppress(OSError):
        sys.stderr.flush()

"""What the commands of the command line share: options that several have, and how each ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from prover.commands.support import ExitCode, Services, guarded
from prover.policy_choice import FORMS
from search.strategy import STRATEGIES

Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
Policy = Annotated[str | None, typer.Option("--policy", help=f"Who proposes proofs: {FORMS}.", show_default="symbolic")]
Strategy = Annotated[
    str | None,
    typer.Option("--strategy", help=f"How the search goes on: {', '.join(STRATEGIES)}.", show_default="best-first"),
]
RunFolder = Annotated[
    Path | None,
    typer.Option("--run", metavar="DIR", help="A new folder for the run.", show_default=".prover/runs/..."),
]
Seconds = Annotated[float | None, typer.Option("--seconds", help="Time budget, wall clock.", show_default="60")]
Checks = Annotated[int | None, typer.Option("--checks", help="Budget of verifier checks.")]
Tokens = Annotated[int | None, typer.Option("--tokens", help="Budget of sampled tokens.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Seed of all randomness.", show_default="0")]
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


def finish(context: typer.Context, command: Callable[[Services], ExitCode], explain: Callable[[str], None]) -> None:
    """Run a command and leave with its exit code. explain: as in `guarded`."""
    services = context.find_object(Services) or Services()
    raise typer.Exit(int(guarded(lambda: command(services), explain)))

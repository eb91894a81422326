"""What scripts are told where a command line makes no sense: with `--json` the object of the command that was meant,
with its `reason`, as for everything else that it refuses. Exit code and message for people stay typer's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import typer
from typer.core import TyperGroup

from prover.commands.support import OutputLost, write_stdout
from prover.contract import SCHEMA_VERSION, Contract

_USAGE: Any = typer.BadParameter.__mro__[1]
"""Of click, which typer brings along under different names from version to version."""
_WORDS = "prover.words"

Explain = Callable[[str], None]
"""Prints a command's JSON object with a reason why there is no result."""


class UsageJson(Contract):
    """What is printed with `--json` where the words name no command that has an object of its own."""

    schema_version: int = SCHEMA_VERSION
    reason: str


def explaining(commands: Mapping[str, Explain]) -> type[TyperGroup]:
    """A root of commands that tells usage errors in JSON where that was asked for. commands: by their words (`train
    sft`)."""

    class Root(TyperGroup):
        """Parses the command line and runs the command."""

        def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
            words = tuple(args)
            with _told(commands, words):
                context = super().make_context(info_name, args, parent, **extra)
            context.meta[_WORDS] = words
            return context

        def invoke(self, ctx: Any) -> Any:
            with _told(commands, ctx.meta[_WORDS]):
                return super().invoke(ctx)

    return Root


@contextmanager
def _told(commands: Mapping[str, Explain], words: Sequence[str]) -> Iterator[None]:
    """Prints the object of a usage error on its way to typer, which tells people and exits."""
    try:
        yield
    except _USAGE as error:
        if _wants_json(words):
            context = getattr(error, "ctx", None)
            name = _name(context) if context is not None else _named(commands, words)
            told = " ".join(str(error.format_message()).split())
            told += "" if told.endswith((".", "?", "!")) else "."
            with suppress(OutputLost):
                commands.get(name, _explain)(f"{told} See: {f'prover {name}' if name else 'prover'} --help")
        raise


def _wants_json(words: Sequence[str]) -> bool:
    options = words[: words.index("--")] if "--" in words else words
    return "--json" in options


def _named(commands: Collection[str], words: Sequence[str]) -> str:
    """The command that words begin with, where the error does not tell; empty for none."""
    bare = [word for word in words if not word.startswith("-")]
    return next((name for count in (2, 1) if (name := " ".join(bare[:count])) in commands), "")


def _name(context: Any) -> str:
    """The words of a command behind `prover`."""
    names: list[str] = []
    while context is not None and context.parent is not None:
        names.insert(0, str(context.info_name))
        context = context.parent
    return " ".join(names)


def _explain(reason: str) -> None:
    write_stdout(UsageJson(reason=reason).to_line())

"""`prover show`: a run's search tree on the terminal, as a drawing, or as JSON."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from prover.commands.support import ExitCode, Services, say, write_stdout
from prover.console import make_console, plain
from prover.output_files import STDOUT, replaceable, write_atomically

if TYPE_CHECKING:
    from prover.show.reading import RunRecord
    from prover.show.tree import SearchTree

# What reads and draws trees is imported when there is one to show: other commands do not wait for it.

_WIDTH = 120
"""Of text that goes elsewhere than to a terminal."""
_SVG_BEGINNINGS = (b"<?xml", b"<svg")


@dataclass(frozen=True, slots=True)
class ShowArguments:
    """The command line as typed. svg: a file, or `-`. width: characters; None for the terminal's."""

    run: Path
    task: str | None = None
    svg: str | None = None
    json: bool = False
    everything: bool = False
    width: int | None = None


def run_show(arguments: ShowArguments, services: Services) -> ExitCode:
    """Show one task's tree. Raises only for errors of ours (see `support.guarded`)."""
    from prover.show.reading import ShowProblem, read_run
    from prover.show.replay import grow
    from prover.show.report import report
    from prover.show.svg import svg_tree

    if arguments.json and arguments.svg == STDOUT:
        return _refuse(arguments, "--svg - and --json both want stdout; give --svg a file.")
    if arguments.svg not in (None, STDOUT) and (problem := _objection(Path(arguments.svg or ""))):
        return _refuse(arguments, problem)
    record = read_run(arguments.run, arguments.task)
    if isinstance(record, ShowProblem):
        return _refuse(arguments, record.reason)
    tree = grow(record.events)
    if arguments.svg is not None:
        drawing = svg_tree(record, tree, everything=arguments.everything)
        if arguments.svg == STDOUT:
            write_stdout(drawing)
        else:
            try:
                write_atomically(Path(arguments.svg), drawing)
            except OSError as error:
                return _refuse(arguments, f"{arguments.svg}: cannot be written: {error.strerror or error}.")
            if not arguments.json:
                write_stdout(_encodable(f"Written to: {plain(arguments.svg)}\n"))
    if arguments.json:
        write_stdout(report(record, tree).to_line())
    elif arguments.svg is None:
        write_stdout(_text(arguments, record, tree))
    return ExitCode.DONE


def explain_show(arguments: ShowArguments, reason: str) -> None:
    """Say in JSON, where that was asked for, why there is no tree."""
    if arguments.json:
        from prover.show.report import ShowJson

        write_stdout(ShowJson(run=str(arguments.run), task=arguments.task, reason=reason).to_line())


def _refuse(arguments: ShowArguments, reason: str) -> ExitCode:
    say(reason)
    explain_show(arguments, reason)
    return ExitCode.INVALID


def _objection(path: Path) -> str | None:
    return replaceable(path, lambda head: head.startswith(_SVG_BEGINNINGS), "SVG file", "--svg FILE")


def _text(arguments: ShowArguments, record: RunRecord, tree: SearchTree) -> str:
    """In colours on a terminal, in plain characters elsewhere."""
    from prover.show.text import ascii_only, text_tree

    console = make_console(stderr=False)
    width = arguments.width or (console.width if console.is_terminal else _WIDTH)
    page = text_tree(record, tree, width=width, everything=arguments.everything)
    # On paper first: what cannot be encoded, or not be written, is told as for every other result.
    paper = io.StringIO()
    Console(file=paper, force_terminal=console.is_terminal, highlight=False).print(page, soft_wrap=True, end="")
    text = paper.getvalue()
    return _encodable(text if console.encoding.startswith("utf") else ascii_only(text))


def _encodable(text: str) -> str:
    """What the encoding of stdout has no character for becomes a question mark, not an error."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)

"""`prover report`: evaluations as one HTML page."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from prover.commands.support import ExitCode, Services, say, write_stdout
from prover.console import plain
from prover.output_files import STDOUT, replaceable, write_atomically

if TYPE_CHECKING:
    from prover.evaluation.comparison import Comparison

NAME = "report.html"
_BEGINNINGS = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class ReportArguments:
    """The command line as typed. out: a file, or `-`; None: in the first run's folder."""

    runs: tuple[Path, ...]
    out: str | None = None
    json: bool = False


def run_report(arguments: ReportArguments, services: Services) -> ExitCode:
    """Write the page. Raises only for errors of ours (see `support.guarded`)."""
    from prover.evaluation.comparison import against_first
    from prover.evaluation.figures import figures_of
    from prover.evaluation.records import EvaluationProblem, read_evaluation
    from prover.report.page import report_page

    if arguments.json and arguments.out == STDOUT:
        return _refuse(arguments, "--out - and --json both want stdout; give --out a file.")
    out = None if arguments.out == STDOUT else Path(arguments.out or arguments.runs[0] / NAME)
    evaluations = []
    for run in arguments.runs:
        evaluation = read_evaluation(run)
        if isinstance(evaluation, EvaluationProblem):
            return _refuse(arguments, evaluation.reason)
        evaluations.append(evaluation)
    if out is not None and (problem := _objection(out)):
        return _refuse(arguments, problem)
    figures = [figures_of(one) for one in evaluations]
    comparisons = against_first(evaluations)
    page = "".join(report_page(evaluations, figures, comparisons))
    if out is None:
        write_stdout(_encodable(page))
        return ExitCode.DONE
    try:
        write_atomically(out, page)
    except OSError as error:
        return _refuse(arguments, f"{out}: cannot be written: {error.strerror or error}; give another --out FILE.")
    if arguments.json:
        from prover.report.report_json import report_json

        say(f"Written to: {out}")
        write_stdout(report_json(evaluations, figures, comparisons, str(out)).to_line())
    else:
        told = "".join(f"{plain(_compared(each))}\n" for each in comparisons)
        write_stdout(f"Written to: {plain(str(out))}\n{told}")
    return ExitCode.DONE


def explain_report(arguments: ReportArguments, reason: str) -> None:
    """Say in JSON, where that was asked for, why there is no page."""
    if arguments.json:
        from prover.report.report_json import ReportJson

        write_stdout(ReportJson(reason=reason).to_line())


def _encodable(page: str) -> str:
    """What the encoding of stdout has no character for becomes a reference, which means the same in HTML."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return page.encode(encoding, "xmlcharrefreplace").decode(encoding)


def _compared(each: Comparison) -> str:
    """A comparison in one line."""
    told = f"{each.second} against {each.first}: won {len(each.won)}, lost {len(each.lost)} of {each.n}"
    differing = ", ".join(one.name for one in each.differing)
    return f"{told} (p = {each.p_value:.2g})" + (f"; they differ in {differing}" if differing else "")


def _refuse(arguments: ReportArguments, reason: str) -> ExitCode:
    say(reason)
    explain_report(arguments, reason)
    return ExitCode.INVALID


def _objection(path: Path) -> str | None:
    return replaceable(path, lambda head: head.lower().startswith(_BEGINNINGS), "HTML page", "--out FILE")

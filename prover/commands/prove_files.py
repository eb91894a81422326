"""What a run of `prover prove` leaves: its files, the lines of its run folder, and its JSON object."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from prover.commands.support import OutputLost, say, write_stdout
from prover.events import BestSoFar
from prover.inputs import SourceFile
from prover.output_files import OutputPlan, partial_file, proved_file, write_atomically
from prover.results import AttemptJson, GoalStatus, ProveJson, ProveResult, Status, goals_json
from prover.run_folder import RunFolder, package_version
from prover.settings import ResolvedSettings


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything settled before the search."""

    settings: ResolvedSettings
    source: SourceFile
    outputs: OutputPlan
    folder: RunFolder


def description(prepared: Prepared) -> dict[str, object]:
    """What `run.json` says of a run before it begins."""
    settings, source = prepared.settings, prepared.source
    return {
        "command": "prove",
        "file": source.name,
        "sha256": source.sha256,
        "language": source.language,
        "target": source.target,
        "settings": settings.values.model_dump(mode="json"),
        "origins": dict(settings.origins),
    }


def write(prepared: Prepared, result: ProveResult, left: tuple[str, ...]) -> tuple[Path | None, Path | None]:
    """Write the proved or the best unfinished file; their paths. The run folder's copy comes first: a disk that
    fills up or a folder that goes away must not cost the proof."""
    source, outputs, proofs = prepared.source, prepared.outputs, prepared.folder.proofs
    if result.status is Status.PROVED and result.text is not None:
        text = proved_file(source, result.text)
        copy = proofs / f"{source.stem}.proved{source.suffix}"
        write_atomically(copy, text)
        if outputs.proved is None:
            try:
                write_stdout(text)
            except OutputLost as lost:
                raise OutputLost(f"{lost} The proof is kept in {copy}") from None
            return None, None
        return _put(outputs.proved, text, copy), None
    if result.status is Status.UNKNOWN and result.partial is not None:
        text = partial_file(source, result.partial, result.reason, left, package_version())
        copy = proofs / f"{source.stem}.partial{source.suffix}"
        write_atomically(copy, text)
        return None, _put(outputs.partial, text, copy)
    return None, None


def _put(path: Path, text: str, copy: Path) -> Path:
    try:
        write_atomically(path, text)
    except OSError as error:
        say(f"{path} cannot be written ({error.strerror or error}); the file is kept in {copy}")
        return copy
    return path


def remaining(result: ProveResult, best: BestSoFar | None) -> tuple[str, ...]:
    """What is left to prove, one line each, for the label of an unfinished file."""
    left = [goal for goal in result.goals if goal.status in (GoalStatus.OPEN, GoalStatus.REFUTED)]
    if not left:
        return best.remaining if best else ()
    return tuple(
        f"{goal.name} (line {goal.line})" + (f": {goal.diagnostics[0]}" if goal.diagnostics else "") for goal in left
    )


def salvage(prepared: Prepared, best: BestSoFar | None, error: Exception) -> None:
    """After an error of ours: keep the best unfinished file in the run folder, and say there what happened."""
    with contextlib.suppress(OSError):
        failed = ProveResult(Status.UNKNOWN, reason=f"An error of ours: {type(error).__name__}: {error}")
        if best:
            source = prepared.source
            text = partial_file(source, best.text, failed.reason, best.remaining, package_version())
            write_atomically(prepared.folder.proofs / f"{source.stem}.partial{source.suffix}", text)
        record(prepared, failed, None, status="error")


def record(
    prepared: Prepared, result: ProveResult, output: Path | None, *, status: Literal["error"] | None = None
) -> None:
    """The line of results, and how the run ended in `run.json`. Raises OSError."""
    attempt = AttemptJson(
        benchmark=None,
        id=prepared.source.name,
        language=prepared.source.language,
        attempt=1,
        status=status or result.status.value,
        strict=result.status is Status.PROVED if result.status in (Status.PROVED, Status.UNKNOWN) else None,
        seconds=round(result.seconds, 3),
        checks=result.checks,
        tokens=result.tokens,
        output=str(output) if output else None,
        reason=result.reason,
    )
    prepared.folder.results.append_line(attempt.to_line())
    prepared.folder.describe({"verifier": result.verifier, "status": attempt.status, "interrupted": result.interrupted})


def result_json(prepared: Prepared, result: ProveResult, output: Path | None, partial: Path | None) -> ProveJson:
    """What `prove --json` prints of a result. output, partial: the files, as `write` says."""
    source, values = prepared.source, prepared.settings.values
    return ProveJson(
        status=result.status,
        untouched=result.untouched,
        implemented=result.implemented,
        translated=result.translated,
        language=source.language,
        file=str(source.path) if source.path else "-",
        target=source.target,
        output=str(output) if output else None,
        partial=str(partial) if partial else None,
        policy=values.policy,
        strategy=values.strategy,
        seed=values.seed,
        seconds=round(result.seconds, 3),
        checks=result.checks,
        tokens=result.tokens,
        goals=goals_json(result.goals),
        subgoals=result.subgoals,
        verifier=result.verifier,
        axioms=list(result.axioms),
        baseline=list(result.baseline),
        reason="" if result.status is Status.PROVED else result.reason,
        run=str(prepared.folder.path),
    )

"""`prover prove`: from the words on the command line to files, a summary or JSON, and an exit code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from prover.commands.prove_files import Prepared, description, record, remaining, result_json, salvage, write
from prover.commands.prove_summary import show_prove
from prover.commands.settled import refused, settings_of, source_for
from prover.commands.support import ExitCode, Interrupted, Services, run_interruptible, say, write_stdout
from prover.console import ProgressView, make_console
from prover.events import BestSoFar, Event, Observer, Silent, UsageChanged
from prover.inputs import Problem
from prover.languages import Language
from prover.output_files import OutputProblem, plan_outputs
from prover.policy_choice import check_policy, check_strategy
from prover.results import ProveJson, ProveRequest, ProveResult, Status
from prover.run_folder import RunFolderProblem, open_default, open_given
from prover.settings import OPTIONS, Settings

_EXIT_CODES = {
    Status.PROVED: ExitCode.DONE,
    Status.REFUTED: ExitCode.REFUTED,
    Status.UNKNOWN: ExitCode.NOT_PROVED,
    Status.INVALID: ExitCode.INVALID,
    Status.UNSUPPORTED: ExitCode.UNSUPPORTED,
}


@dataclass(frozen=True, slots=True)
class ProveArguments:
    """The command line as typed. None: not given, so that environment, `prover.toml` or the default decides."""

    file: str
    policy: str | None = None
    strategy: str | None = None
    seconds: float | None = None
    checks: int | None = None
    tokens: int | None = None
    seed: int | None = None
    out: str | None = None
    run: Path | None = None
    family: str | None = None
    base_url: str | None = None
    temperature: float | None = None
    answer_tokens: int | None = None
    json: bool = False
    language: str | None = None


class _Keeper:
    """Remembers the best unfinished file and what was used, for when the run is interrupted; passes events on."""

    def __init__(self) -> None:
        self.best: BestSoFar | None = None
        self.used = UsageChanged(0, 0)
        self.inner: Observer = Silent()

    def notify(self, event: Event) -> None:
        """One event of the run."""
        if isinstance(event, UsageChanged):
            self.used = event
        if isinstance(event, BestSoFar):
            self.best = event
        self.inner.notify(event)


def run_prove(arguments: ProveArguments, services: Services) -> ExitCode:
    """Prove one file. Raises only for errors of ours (see `support.guarded`)."""
    prepared = _prepare(arguments, services)
    if isinstance(prepared, Problem):
        say(prepared.reason)
        explain_prove(arguments, prepared.reason, Status(prepared.status), prepared.language)
        return ExitCode.INVALID if prepared.status == "invalid" else ExitCode.UNSUPPORTED
    folder, keeper = prepared.folder, _Keeper()
    try:
        folder.describe(description(prepared))
        try:
            result = _search(prepared, services, keeper)
        except Exception as error:
            salvage(prepared, keeper.best, error)
            raise
        output, partial = write(prepared, result, remaining(result, keeper.best))
        record(prepared, result, output)
    finally:
        folder.close()
    # With --json and with `--out -`, stdout belongs to the object or the proof.
    console = make_console(stderr=arguments.json or prepared.outputs.proved is None)
    show_prove(console, prepared.source, result, output=output, partial=partial, run=folder.path)
    if arguments.json:
        write_stdout(result_json(prepared, result, output, partial).to_line())
    if result.interrupted and result.status is not Status.PROVED:
        return ExitCode.INTERRUPTED
    return _EXIT_CODES[result.status]


def explain_prove(
    arguments: ProveArguments, reason: str, status: Status = Status.UNKNOWN, language: Language | None = None
) -> None:
    """Say in JSON, where that was asked for, why there was no search or no result."""
    if not arguments.json:
        return
    defaults = Settings()
    report = ProveJson(
        status=status,
        language=language,
        file=arguments.file,
        policy=arguments.policy or defaults.policy,
        strategy=arguments.strategy or defaults.strategy,
        seed=defaults.seed if arguments.seed is None else arguments.seed,
        reason=reason,
    )
    write_stdout(report.to_line())


def _prepare(arguments: ProveArguments, services: Services) -> Prepared | Problem:
    given = {name: getattr(arguments, name) for name in OPTIONS}
    settings = settings_of(given, services)
    if isinstance(settings, Problem):
        return settings
    values = settings.values
    if (problem := refused(check_strategy(values.strategy), check_policy(values.policy))) is not None:
        return problem
    if arguments.json and arguments.out == "-":
        return Problem("invalid", "--out - and --json both want stdout; give --out a file.")
    source = source_for(arguments.file, arguments.language, values, services)
    if isinstance(source, Problem):
        return source
    # Settled once before the run folder exists (a bad --out leaves no trace), and again when standard input needs it.
    fallback = services.cwd()
    if isinstance(outputs := plan_outputs(source, arguments.out, fallback), OutputProblem):
        return Problem("invalid", outputs.reason, source.language)
    folder = (
        open_given(arguments.run)
        if arguments.run
        else open_default(source.stem, cwd=services.cwd(), environment=services.environment, moment=services.moment())
    )
    if isinstance(folder, RunFolderProblem):
        return Problem("invalid", folder.reason, source.language)
    if source.path is None and isinstance(outputs := plan_outputs(source, arguments.out, folder.proofs), OutputProblem):
        return Problem("invalid", outputs.reason, source.language)
    return Prepared(settings, source, outputs, folder)


def _search(prepared: Prepared, services: Services, keeper: _Keeper) -> ProveResult:
    """The run itself, with progress on stderr."""
    values, source = prepared.settings.values, prepared.source
    request = ProveRequest(
        source=source,
        settings=values,
        policy=values.policy,
        strategy=values.strategy,
        seconds=values.seconds,
        checks=values.checks,
        tokens=values.tokens,
        seed=values.seed,
        journal=prepared.folder.journal,
        samples=prepared.folder.path / "samples.jsonl",
    )
    start = services.clock()
    title = f"{source.name}:{source.target}" if source.target else source.name
    with ProgressView(make_console(stderr=True), title, values.seconds, services.clock) as view:
        keeper.inner = view
        try:
            result = run_interruptible(
                services.engine.prove(request, keeper), lambda: view.message("Stopping; what was found is kept.")
            )
        except Interrupted:
            spent = services.clock() - start
            result = ProveResult(
                Status.UNKNOWN,
                goals=keeper.best.goals if keeper.best else (),
                seconds=spent,
                checks=keeper.used.checks,
                tokens=keeper.used.tokens,
                reason="Interrupted.",
                interrupted=True,
            )
    if result.partial is None and result.status is Status.UNKNOWN and keeper.best:
        return replace(result, partial=keeper.best.text)
    return result

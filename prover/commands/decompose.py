"""`prover decompose`: from the words on the command line to ranked decompositions, as a tree or JSON, and an exit
code."""

from __future__ import annotations

from dataclasses import dataclass

from prover.commands.decompose_summary import show_decompose
from prover.commands.settled import refused, settings_of, source_for
from prover.commands.support import ExitCode, Interrupted, Services, run_interruptible, say, write_stdout
from prover.console import ProgressView, make_console
from prover.decompositions import DecomposeJson, DecomposeRequest, DecomposeResult, DecomposeStatus, plans_json
from prover.inputs import Problem, SourceFile
from prover.languages import Language
from prover.policy_choice import check_policy
from prover.settings import OPTIONS, Settings

_EXIT_CODES = {
    DecomposeStatus.FOUND: ExitCode.DONE,
    DecomposeStatus.NOTHING: ExitCode.NOT_PROVED,
    DecomposeStatus.REFUTED: ExitCode.REFUTED,
    DecomposeStatus.INVALID: ExitCode.INVALID,
    DecomposeStatus.UNSUPPORTED: ExitCode.UNSUPPORTED,
}


@dataclass(frozen=True, slots=True)
class DecomposeArguments:
    """The command line as typed. None: not given, so that environment, `prover.toml` or the default decides."""

    file: str
    policy: str | None = None
    seconds: float | None = None
    checks: int | None = None
    tokens: int | None = None
    seed: int | None = None
    family: str | None = None
    base_url: str | None = None
    temperature: float | None = None
    answer_tokens: int | None = None
    json: bool = False
    language: str | None = None


def run_decompose(arguments: DecomposeArguments, services: Services) -> ExitCode:
    """Decompose the goals of one file. Raises only for errors of ours (see `support.guarded`)."""
    prepared = _prepare(arguments, services)
    if isinstance(prepared, Problem):
        say(prepared.reason)
        explain_decompose(arguments, prepared.reason, DecomposeStatus(prepared.status), prepared.language)
        return ExitCode.INVALID if prepared.status == "invalid" else ExitCode.UNSUPPORTED
    source, settings = prepared
    result = _explore(source, settings, services)
    show_decompose(make_console(stderr=arguments.json), source, result)
    if arguments.json:
        write_stdout(_json(source, settings, result).to_line())
    return ExitCode.INTERRUPTED if result.interrupted else _EXIT_CODES[result.status]


def explain_decompose(
    arguments: DecomposeArguments,
    reason: str,
    status: DecomposeStatus = DecomposeStatus.NOTHING,
    language: Language | None = None,
) -> None:
    """Say in JSON, where that was asked for, why there is no result."""
    if not arguments.json:
        return
    defaults = Settings()
    report = DecomposeJson(
        status=status,
        language=language,
        file=arguments.file,
        policy=arguments.policy or defaults.policy,
        seed=defaults.seed if arguments.seed is None else arguments.seed,
        reason=reason,
    )
    write_stdout(report.to_line())


def _prepare(arguments: DecomposeArguments, services: Services) -> tuple[SourceFile, Settings] | Problem:
    given = {name: getattr(arguments, name) for name in OPTIONS if name != "strategy"}
    settings = settings_of(given, services)
    if isinstance(settings, Problem):
        return settings
    if (problem := refused(check_policy(settings.values.policy))) is not None:
        return problem
    source = source_for(arguments.file, arguments.language, settings.values, services)
    return source if isinstance(source, Problem) else (source, settings.values)


def _explore(source: SourceFile, settings: Settings, services: Services) -> DecomposeResult:
    request = DecomposeRequest(
        source,
        settings,
        policy=settings.policy,
        seconds=settings.seconds,
        checks=settings.checks,
        tokens=settings.tokens,
        seed=settings.seed,
    )
    title = f"{source.name}:{source.target}" if source.target else source.name
    start = services.clock()
    with ProgressView(make_console(stderr=True), title, settings.seconds, services.clock) as view:
        try:
            return run_interruptible(
                services.engine.decompose(request, view),
                lambda: view.message("Stopping; what was found is shown."),
            )
        except Interrupted:
            spent = services.clock() - start
            return DecomposeResult(DecomposeStatus.NOTHING, seconds=spent, reason="Interrupted.", interrupted=True)


def _json(source: SourceFile, settings: Settings, result: DecomposeResult) -> DecomposeJson:
    return DecomposeJson(
        status=result.status,
        untouched=result.untouched,
        translated=result.translated,
        language=source.language,
        file=str(source.path) if source.path else "-",
        target=source.target,
        policy=settings.policy,
        seed=settings.seed,
        seconds=round(result.seconds, 3),
        checks=result.checks,
        tokens=result.tokens,
        goals=plans_json(result.goals),
        verifier=result.verifier,
        reason=result.reason,
    )

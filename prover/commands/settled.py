"""What commands settle before they begin: settings, who proposes, and the file."""

from __future__ import annotations

from collections.abc import Mapping

from prover.commands.support import Services
from prover.inputs import Problem, SourceFile, read_source
from prover.policy_choice import ChoiceProblem, check_language
from prover.settings import ResolvedSettings, Settings, SettingsProblem, current_home, resolve


def settings_of(given: Mapping[str, object], services: Services) -> ResolvedSettings | Problem:
    """The settings of a command. given: its options by their names; None for those not given."""
    found = resolve(given, services.environment, services.cwd(), home=current_home(services.environment))
    return Problem("invalid", found.reason) if isinstance(found, SettingsProblem) else found


def refused(*checked: object) -> Problem | None:
    """The first of some checked choices that is none."""
    problems = (choice for choice in checked if isinstance(choice, ChoiceProblem))
    return next((Problem(choice.status, choice.reason) for choice in problems), None)


def source_for(file: str, language: str | None, settings: Settings, services: Services) -> SourceFile | Problem:
    """The file of the command line, about which those can be asked who propose."""
    source = read_source(file, services.stdin(), max_bytes=settings.max_bytes, language=language)
    if isinstance(source, Problem):
        return source
    unfit = check_language(settings.policy, settings.family, source.language)
    return source if unfit is None else Problem(unfit.status, unfit.reason, source.language)

"""`prover doctor`: what this machine has of what is needed, how to get the rest, and which settings are in force."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict
from rich.text import Text

from prover.commands.settled import settings_of
from prover.commands.support import ExitCode, Services, say, write_stdout
from prover.console import make_console, one_line
from prover.contract import SCHEMA_VERSION
from prover.inputs import Problem
from prover.run_folder import package_version
from prover.settings import (
    ResolvedSettings,
    Settings,
    unknown_variables,
)

if TYPE_CHECKING:
    from lean_project.toolchain import LeanInstallation

State = Literal["ok", "missing", "optional"]

_EXTRAS = {
    "hf": ("torch", "transformers"),
    "openai": ("httpx", "openai"),
    "train": ("datasets", "peft", "torch", "transformers", "trl"),
    "vllm": ("vllm",),
    "ray": ("ray",),
    "lsp": ("lsprotocol", "pygls"),
    "mcp": ("mcp",),
    "leandojo": ("lean_dojo",),
}
_COMFORTABLE_MEMORY = 2 << 30
"""Bytes: two verifiers with their solvers on ordinary files."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked for. state: `missing` needs the `cure`; `optional` is absent or weaker and not needed now.
    needed: without it nothing can be proved or checked."""

    name: str
    state: State
    detail: str
    cure: str = ""
    needed: bool = False


class FindingJson(BaseModel):
    """One element of `findings`."""

    name: str
    state: State
    detail: str
    cure: str
    needed: bool


class SettingJson(BaseModel):
    """One element of `settings`: a value and where it comes from."""

    name: str
    value: object
    origin: str


class DoctorJson(BaseModel):
    """What `prover doctor --json` prints. ok: everything needed is there (exit code 0, otherwise 3)."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = SCHEMA_VERSION
    ok: bool
    findings: list[FindingJson]
    settings: list[SettingJson]
    settings_file: str | None
    reason: str = ""


Probe = Callable[[Settings, Mapping[str, str]], Sequence[Finding]]
"""Looks at the machine; takes a second or two, since it runs the verifiers for their versions."""


def examine(settings: Settings, environment: Mapping[str, str]) -> list[Finding]:
    """Everything that `prover doctor` looks at, in the order it is shown."""
    return [
        Finding("prover", "ok", package_version()),
        Finding("Python", "ok", f"{platform.python_version()} ({sys.executable})"),
        *_dafny(settings, environment),
        *_isolation(),
        _memory(),
        *_lean(environment),
        _extras(),
    ]


def run_doctor(services: Services, *, json: bool, probe: Probe = examine) -> ExitCode:
    """Show findings and settings. DONE when everything needed is there, UNSUPPORTED when not, INVALID for bad
    settings."""
    resolved = settings_of({}, services)
    if isinstance(resolved, Problem):
        say(resolved.reason)
        explain_doctor(resolved.reason, json=json)
        return ExitCode.INVALID
    findings = probe(resolved.values, services.environment)
    broken = [finding for finding in findings if finding.needed and finding.state == "missing"]
    if json:
        write_stdout(_json(findings, resolved, ok=not broken))
    else:
        _show(findings, resolved, unknown_variables(services.environment))
    return ExitCode.UNSUPPORTED if broken else ExitCode.DONE


def explain_doctor(reason: str, *, json: bool) -> None:
    """Say in JSON, where that was asked for, why there are no findings."""
    if json:
        report = DoctorJson(ok=False, findings=[], settings=[], settings_file=None, reason=reason)
        write_stdout(report.model_dump_json() + "\n")


def _dafny(settings: Settings, environment: Mapping[str, str]) -> list[Finding]:
    from dafny_env.driver.discovery import discover
    from sandbox.missing import Missing

    chosen = {"PROVER_DAFNY": settings.dafny, "PROVER_Z3": settings.z3}
    found = discover({**environment, **{name: str(path) for name, path in chosen.items() if path}})
    findings = []
    one_runs = not (isinstance(found.dafny2, Missing) and isinstance(found.dafny4, Missing))
    for label, installation in (("Dafny 2.3", found.dafny2), ("Dafny 4", found.dafny4)):
        if isinstance(installation, Missing):
            # One of the two is enough; where both are missing, the one that apt gives is asked for.
            needed = not one_runs and label == "Dafny 2.3"
            state: State = "missing" if needed else "optional"
            if needed:
                detail, cure = f"not found: {installation.what}", installation.how_to_get
            else:
                detail, cure = "not found (not needed: the other one is there)", ""
                if not one_runs:
                    detail = "not found"
            findings.append(Finding(label, state, detail, cure, needed))
            continue
        findings.append(
            Finding(label, "ok", f"{installation.info} ({' '.join(installation.info.command)})", needed=True)
        )
        if isinstance(installation.server, Missing):
            server = installation.server
            findings.append(Finding("Dafny server", "missing", f"not found: {server.what}", server.how_to_get))
    solver = found.solver
    if isinstance(solver, Missing):
        needs_it = isinstance(found.dafny4, Missing)
        state = "missing" if needs_it else "optional"
        findings.append(Finding("z3", state, f"not found: {solver.what}", solver.how_to_get, needs_it))
    elif solver.warning:
        own = Path(sys.prefix, "share", "lemmatree", "z3-4.8.5")
        findings.append(
            Finding(
                "z3",
                "optional",
                f"{solver.path}: {solver.warning}",
                f"pip install --no-deps --target {own} z3-solver==4.8.5.0",
            )
        )
    else:
        findings.append(Finding("z3", "ok", f"{solver.version} ({solver.path})", needed=True))
    return findings


def _lean(environment: Mapping[str, str]) -> list[Finding]:
    from lean_project.toolchain import Kind, discover
    from sandbox.missing import Missing

    found = discover(None, environment)
    if isinstance(found, Missing):
        return [Finding("Lean 4", "optional", f"not found: {found.what}", found.how_to_get)]
    if found.kind is Kind.BUNDLED:
        detail = (
            f"{found}: Lean's own front end and kernel on a small core library of ours. Definitions and lemmas have "
            "stock names and meanings, but are not stock Lean's; there is no Mathlib, no grind"
        )
        cure = "for stock Lean, install elan (https://github.com/leanprover/elan), or set PROVER_LEAN"
        return [Finding("Lean 4", "ok", detail, cure), _replay(found, environment)]
    return [Finding("Lean 4", "ok", f"{found} ({' '.join(found.argv)})"), _replay(found, environment)]


def _replay(installation: LeanInstallation, environment: Mapping[str, str]) -> Finding:
    from lean_project.replay import find_replayer
    from sandbox.missing import Missing

    found = find_replayer(installation, environment)
    if isinstance(found, Missing):
        detail = f"no kernel replay here: {found.what} was not found. The gate compares compiled modules without it"
        return Finding("Lean replay", "optional", detail, found.how_to_get)
    return Finding("Lean replay", "ok", f"{found}: the gate takes every candidate through Lean's kernel once more")


def _isolation() -> list[Finding]:
    from sandbox.process import network_isolation_available, write_confinement_available

    found = [Finding("sandbox", "ok", "verifiers run without network")]
    if not network_isolation_available():
        cure = "run as root, or allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1)"
        found = [Finding("sandbox", "optional", "verifiers cannot be cut off from the network here", cure)]
    if write_confinement_available():
        detail = "what a Lean file runs while it is read can write to its scratch folder only"
        return [*found, Finding("sandbox files", "ok", detail)]
    detail = "what a Lean file runs while it is read can write wherever you can: this kernel has no Landlock"
    return [*found, Finding("sandbox files", "optional", detail, "use Linux 5.13 or later with Landlock enabled")]


def _memory() -> Finding:
    available = _available_memory()
    cores = os.cpu_count() or 1
    if available is None:
        return Finding("memory", "optional", f"unknown; {cores} cores")
    detail = f"{available / (1 << 30):.1f} GiB available, {cores} cores"
    if available < _COMFORTABLE_MEMORY:
        return Finding("memory", "optional", detail, "close other programs, or set workers = 1 in prover.toml")
    return Finding("memory", "ok", detail)


def _available_memory() -> int | None:
    """Bytes that new processes can have: the kernel's estimate. Source: proc(5), meminfo, MemAvailable in KiB."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    except (OSError, ValueError, IndexError):
        pass
    return None


def _extras() -> Finding:
    """Which extras are installed, seen without importing them (torch alone takes seconds)."""
    present = [
        extra for extra, modules in _EXTRAS.items() if all(importlib.util.find_spec(module) for module in modules)
    ]
    absent = [extra for extra in _EXTRAS if extra not in present]
    if not absent:
        return Finding("extras", "ok", ", ".join(present))
    return Finding(
        "extras",
        "optional",
        f"installed: {', '.join(present) or 'none'}; not installed: {', '.join(absent)}",
        "pip install 'lemmatree[NAME]' (only for what it is named after: language models, training, ...)",
    )


def _json(findings: Sequence[Finding], resolved: ResolvedSettings, *, ok: bool) -> str:
    values = resolved.values.model_dump(mode="json")
    return (
        DoctorJson(
            ok=ok,
            findings=[
                FindingJson(name=f.name, state=f.state, detail=f.detail, cure=f.cure, needed=f.needed) for f in findings
            ],
            settings=[SettingJson(name=k, value=v, origin=resolved.origins[k]) for k, v in values.items()],
            settings_file=str(resolved.file) if resolved.file else None,
        ).model_dump_json()
        + "\n"
    )


def _show(findings: Sequence[Finding], resolved: ResolvedSettings, strangers: Sequence[str]) -> None:
    console = make_console(stderr=False)
    marks = {"ok": ("ok      ", "green"), "missing": ("missing ", "bold red"), "optional": ("-       ", "yellow")}
    for finding in findings:
        line = Text.assemble(marks[finding.state], (f"{finding.name:<15}", "bold"), one_line(finding.detail))
        console.print(line, soft_wrap=True)
        if finding.cure and finding.state == "missing":
            console.print(Text(f"{'':23}to get it: {one_line(finding.cure)}"), soft_wrap=True)
        elif finding.cure:
            console.print(Text(f"{'':23}{one_line(finding.cure)}", style="dim"), soft_wrap=True)
    console.print()
    for name, value in resolved.values.model_dump(mode="json").items():
        shown = "-" if value is None else one_line(str(value))
        origin = Text(f"({one_line(resolved.origins[name])})", style="dim")
        console.print(Text.assemble((f"{name:<15}", "bold"), f"{shown:<14} ", origin), soft_wrap=True)
    for name in strangers:
        console.print(Text(f"{name} is set, but there is no such setting.", style="yellow"), soft_wrap=True)

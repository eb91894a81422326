"""How many files of the benchmarks Dafny 2.3 takes untouched, and how many after rewriting.

    python benchmarks/dialect_coverage.py --data DIR [--verify] [--seconds S] [--only algoveri|dafnybench|starter]

DIR holds `algoveri/algoveri_data/*/dafny_spec.dfy` and `dafnybench_dev/test.json`; the starter tasks tagged `dafny4`
come with the project. With `--verify` each file that resolves is verified too, by one warm verifier: `verified` is the
whole file, `but stubs` all but methods (AlgoVeri's files end in a method without its body).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dafny_env.dialect.context import Unsupported
from dafny_env.dialect.dialect import Invalid, Translated, Undecided, Untouched, choose
from dafny_env.dialect.translating import TranslatingVerifier
from dafny_env.driver.factory import open_verifiers
from dafny_env.driver.types import CheckRequest, DafnyVerifier, Outcome
from dafny_env.index import callables
from dafny_env.syntax.parser import parse
from sandbox.missing import Missing

STARTER = Path(__file__).parent.parent / "datasets" / "starter" / "dafny"


def files(data: Path) -> Iterator[tuple[str, str, str]]:
    """Benchmark, name and text of every file there is."""
    for path in sorted(data.glob("algoveri/algoveri_data/*/dafny_spec.dfy")):
        yield "algoveri", path.parent.name, path.read_text()
    tests = data / "dafnybench_dev" / "test.json"
    for task in json.loads(tests.read_text()) if tests.is_file() else []:
        yield "dafnybench", task["test_ID"], task["ground_truth"]
    for path in sorted(STARTER.glob("*/solution.dfy")):
        if "dafny4" in (path.parent / "task.toml").read_text():
            yield "starter", path.parent.name, path.read_text()


async def measure(verifier: DafnyVerifier, text: str, verify: bool, seconds: float) -> tuple[list[str], str]:
    """What to count a file under, and what there is to say about it."""
    choice = await choose(text, None, verifier)
    match choice:
        case Unsupported(reason=reason):
            return ["unsupported"], reason
        case Invalid(result=result):
            first = result.errors[0]
            return ["invalid"], f"line {first.place.line}: {first.message}"
        case Undecided(result=result):
            return ["undecided"], str(result.outcome)
    kind = "untouched" if isinstance(choice, Untouched) else "translated"
    demoted = " and demoted" if isinstance(choice, Translated) and choice.demoted else ""
    found = [f"{kind} resolves"] + ([f"{kind}{demoted} resolves"] if demoted else [])
    if not verify:
        return found, ""
    request = CheckRequest(text, seconds=seconds, solver_seconds=int(seconds))
    result = await TranslatingVerifier(verifier, choice).check(request)
    if result.outcome is Outcome.VERIFIED:
        return [*found, f"{kind} verified"], ""
    index = callables(parse(text))
    broken = {*result.failed, *result.timed_out}
    if broken and all(name in index and index[name].decl.kind == "method" for name in broken):
        found.append(f"{kind} verified but stubs")
    messages = "; ".join(f"line {d.place.line}: {d.message}" for d in result.errors[:2])
    return found, f"{kind}, {result.outcome}: {messages}"


async def run(options: argparse.Namespace) -> None:
    toolchain = open_verifiers(prefer=2)
    if isinstance(toolchain, Missing):
        raise SystemExit(str(toolchain))
    counts: dict[str, Counter[str]] = {}
    began = time.monotonic()
    for benchmark, name, text in files(options.data):
        if options.only and benchmark not in options.only:
            continue
        under, note = await measure(toolchain.working, text, options.verify, options.seconds)
        counts.setdefault(benchmark, Counter()).update(["files", *under])
        if note:
            print(f"{benchmark} {name}: {note}", flush=True)
    await toolchain.close()
    for benchmark, counter in counts.items():
        print(f"{benchmark}: " + ", ".join(f"{key} {n}" for key, n in sorted(counter.items())))
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--verify", action="store_true")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--only", nargs="*", choices=["algoveri", "dafnybench", "starter"])
    asyncio.run(run(parser.parse_args()))

"""`prover decompose` as its users and their scripts see it, against a fake engine."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from prover_fakes import SOURCE, FakeEngine, Terminal

from prover.decompositions import (
    DecomposeResult,
    DecomposeStatus,
    Decomposition,
    GoalPlans,
    PlanStatus,
    Rejections,
)
from prover.scoring import Lemma
from search.score import Score

STEP = Lemma("Step", "lemma Step(n: nat)\n  ensures Sum(n + 1) == Sum(n) + n + 1", 6)
FALSE = Lemma("Grows", "lemma Grows(n: nat) ensures Sum(n) > n", 2, refuted=True, witness="n = 0")
DOUBTED = Lemma("Total: s >= 0", "s >= 0", 1, witness="s = -1")
LONG = " && ".join(f"s != {n}" for n in range(50))
PLANS = GoalPlans(
    "Total",
    3,
    "s == Sum(n)",
    20,
    PlanStatus.DECOMPOSED,
    (
        Decomposition(Score(0.625, 0.625), 0.625, "accumulator", "invariant s == Sum(i)", (STEP, DOUBTED)),
        Decomposition(Score(0.0, -1.5), 0.0, "cases", "assume " + LONG, (Lemma("Total: ...", LONG, 50),)),
        Decomposition(Score(0.0, float("-inf")), 0.9, "guess", "Grows(n);", (FALSE,)),
    ),
    Rejections(14, 2, (("a postcondition might not hold", 9), ("assertion violation", 7))),
)
FOUND = DecomposeResult(
    DecomposeStatus.FOUND, (PLANS,), seconds=2.5, checks=31, verifier="Dafny 2.3.0.10506 (z3 4.8.5)"
)
FIELDS = [
    "schema_version", "status", "untouched", "translated", "language", "file", "target", "policy", "seed", "seconds",
    "checks", "tokens", "goals", "verifier", "reason",
]  # fmt: skip


def test_people_get_a_tree_with_the_figures_on_stdout(terminal: Terminal) -> None:
    terminal.engine = FakeEngine(plans=FOUND)
    ran = terminal.run("decompose", terminal.write("total.dfy"))
    assert ran.code == 0
    assert ran.stdout.splitlines() == [
        f"Decomposed  {terminal.folder}/total.dfy",
        "  1 goal, 31 checks, 2.5 s",
        "Total (line 3)  d = 20  decomposed",
        "├── S = 0.625  r = 0.625  v = 1  (accumulator)",
        "│   ├── d = 6  lemma Step(n: nat) ensures Sum(n + 1) == Sum(n) + n + 1",
        "│   └── d = 1  s >= 0  unconfirmed: s = -1",
        "├── S = 0.000  r = 0.000 (-1.500 unclipped)  v = 1  (cases)",
        f"│   └── d = 50  {LONG}",
        "├── S = 0.000  r = 0.900  v = 0  (guess)",
        "│   └── d = 2  lemma Grows(n: nat) ensures Sum(n) > n  refuted: n = 0",
        "└── 14 rejected, 2 undecided",
        "    ├── 9 x a postcondition might not hold",
        "    └── 7 x assertion violation",
    ]
    assert "searching" in ran.stderr


def test_json_is_one_object_with_the_fields_of_the_contract_in_order(terminal: Terminal) -> None:
    terminal.engine = FakeEngine(plans=FOUND)
    ran = terminal.run("decompose", f"{terminal.write('total.dfy')}:Total", "--json")
    report = ran.json
    assert list(report) == FIELDS
    assert (report["schema_version"], report["status"], report["target"]) == (1, "found", "Total")
    (goal,) = report["goals"]
    assert list(goal) == ["name", "line", "text", "d", "status", "witness", "decompositions", "rejected"]
    assert (goal["name"], goal["line"], goal["d"], goal["status"]) == ("Total", 3, 20, "decomposed")
    assert goal["rejected"] == {
        "count": 14,
        "undecided": 2,
        "reasons": [
            {"reason": "a postcondition might not hold", "count": 9},
            {"reason": "assertion violation", "count": 7},
        ],
    }
    best, clipped, refuted = goal["decompositions"]
    assert list(best) == ["S", "r", "unclipped", "v", "verdict", "kind", "text", "lemmas"]
    assert [d["unclipped"] for d in goal["decompositions"]] == [0.625, -1.5, None] and clipped["r"] == 0.0
    assert (best["S"], best["v"], best["verdict"]) == (0.625, 1, "accepted")
    assert (refuted["S"], refuted["r"], refuted["v"], refuted["verdict"]) == (0.0, 0.9, 0, "refuted-lemma")
    assert refuted["lemmas"] == [
        {"name": "Grows", "statement": FALSE.statement, "d": 2, "refuted": True, "witness": "n = 0"}
    ]
    assert best["lemmas"][0]["witness"] is None
    assert "Decomposed" in ran.stderr


CLOSED = GoalPlans(
    "Total", 3, "", 4, PlanStatus.CLOSED, (Decomposition(Score(1.0, 1.0), 1.0, "houdini", "invariant true"),)
)
OPEN = GoalPlans("Total", 3, "", 4)
WRONG = GoalPlans("Total", 3, "", 4, PlanStatus.REFUTED, witness="n = -1")


@pytest.mark.parametrize(
    ("plans", "code", "said"),
    [
        (FOUND, 0, "Decomposed"),
        (DecomposeResult(DecomposeStatus.FOUND, (CLOSED,)), 0, "closes without a decomposition"),
        (DecomposeResult(DecomposeStatus.FOUND, untouched=True), 0, "It verifies as it is"),
        (DecomposeResult(DecomposeStatus.NOTHING, (OPEN,), reason="the budget was spent"), 1, "the budget was spent"),
        (DecomposeResult(DecomposeStatus.INVALID, reason="a syntax error at line 3"), 2, "line 3"),
        (DecomposeResult(DecomposeStatus.UNSUPPORTED, reason="No Dafny here"), 3, "No Dafny here"),
        (DecomposeResult(DecomposeStatus.REFUTED, (WRONG,)), 4, "false: n = -1"),
        (DecomposeResult(DecomposeStatus.FOUND, (PLANS,), interrupted=True), 130, "Interrupted"),
    ],
)
def test_exit_codes(terminal: Terminal, plans: DecomposeResult, code: int, said: str) -> None:
    terminal.engine = FakeEngine(plans=plans)
    file = terminal.write("total.dfy")
    ran = terminal.run("decompose", file)
    assert ran.code == code
    assert said in ran.stdout
    again = terminal.run("decompose", file, "--json")
    assert (again.code, again.json["status"]) == (code, plans.status)


def test_an_error_of_ours_is_told_with_a_report(terminal: Terminal) -> None:
    terminal.engine = FakeEngine(plans=ZeroDivisionError("boom"))
    ran = terminal.run("decompose", terminal.write("total.dfy"), "--json")
    assert (ran.code, ran.json["status"]) == (5, "nothing")
    Path(ran.stderr.split("A report is in ")[1].split(";")[0]).unlink()


def test_ctrl_c_shows_what_was_found(terminal: Terminal) -> None:
    async def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return

    terminal.engine = FakeEngine(
        plans=DecomposeResult(DecomposeStatus.FOUND, (PLANS,), interrupted=True), meanwhile=interrupt
    )
    ran = terminal.run("decompose", terminal.write("total.dfy"), "--json")
    assert ran.code == 130
    assert len(ran.json["goals"]) == 1
    assert "what was found is shown" in ran.stderr


def test_ctrl_c_before_anything_was_found(terminal: Terminal) -> None:
    async def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(60)

    terminal.engine = FakeEngine(meanwhile=interrupt)
    ran = terminal.run("decompose", terminal.write("total.dfy"), "--json")
    assert (ran.code, ran.json["status"], ran.json["goals"]) == (130, "nothing", [])


def test_the_options_reach_the_engine(terminal: Terminal) -> None:
    file = terminal.write("total.dfy")
    options = "--seconds 5 --checks 9 --seed 4 --policy symbolic"
    terminal.run("decompose", f"{file}:Double", *options.split())
    (request,) = terminal.engine.decomposed
    assert (request.seconds, request.checks, request.seed, request.policy) == (5.0, 9, 4, "symbolic")
    assert (request.source.target, request.source.text) == ("Double", SOURCE)


def test_so_do_those_of_language_models_as_with_prove(terminal: Terminal) -> None:
    options = "--policy openai:m --family generic --base-url http://localhost:1/v1 --temperature 0.3"
    limits = "--answer-tokens 90 --tokens 500"
    terminal.run("decompose", terminal.write("total.dfy"), *options.split(), *limits.split())
    (request,) = terminal.engine.decomposed
    settings = request.settings
    assert (request.policy, request.tokens) == ("openai:m", 500)
    assert (settings.family, settings.base_url) == ("generic", "http://localhost:1/v1")
    assert (settings.temperature, settings.answer_tokens) == (0.3, 90)


def test_standard_input(terminal: Terminal) -> None:
    ran = terminal.run("decompose", "-", "--json", stdin=SOURCE.encode())
    assert (ran.code, ran.json["file"]) == (0, "-")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--policy", "magic"], 2, "'magic' is not a policy"),
        (["--seconds", "0"], 2, "--seconds"),
        (["--checks", "0"], 2, "--checks"),
        (["--policy", "openai:m", "--family", "nobody"], 2, "--family is 'nobody': there is no such family"),
        (["--policy", "openai:m", "--family", "bfs"], 2, "know no Dafny"),
    ],
)
def test_options_that_cannot_be_used(terminal: Terminal, options: list[str], code: int, said: str) -> None:
    ran = terminal.run("decompose", terminal.write("total.dfy"), "--json", *options)
    assert (ran.code, ran.json["status"]) == (code, {2: "invalid", 3: "unsupported"}[code])
    assert said in ran.stderr and not terminal.engine.decomposed


@pytest.mark.parametrize(("name", "content", "code"), [("empty.dfy", b"", 2), ("none.txt", b"theorem", 2)])
def test_unusable_input(terminal: Terminal, name: str, content: bytes, code: int) -> None:
    ran = terminal.run("decompose", terminal.write(name, content), "--json")
    assert ran.code == code and name in ran.stderr
    assert not terminal.engine.decomposed


def test_only_the_best_are_shown_and_hostile_text_does_not_drive_the_terminal(terminal: Terminal) -> None:
    many = tuple(
        Decomposition(Score(0.5, 0.5), 0.5, "\x1b[2J", "", (Lemma("A", "lemma A()\x07 [bold]", 1),)) for _ in range(14)
    )
    goal = GoalPlans("Total", 3, "", 9, PlanStatus.DECOMPOSED, many)
    terminal.engine = FakeEngine(plans=DecomposeResult(DecomposeStatus.FOUND, (goal,)))
    ran = terminal.run("decompose", terminal.write("total.dfy"))
    assert ran.stdout.count("S = 0.500") == 10 and "and 4 more" in ran.stdout
    assert "\x1b" not in ran.stdout and "\x07" not in ran.stdout and "[bold]" in ran.stdout


def test_help(terminal: Terminal) -> None:
    ran = terminal.run("decompose", "--help")
    assert ran.code == 0 and "decomposition score" in ran.stdout

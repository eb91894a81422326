"""Vericoding with the real Dafny and Lean: recorded answers of a model become proved files, or do not."""

import asyncio
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from algoveri_answers import ANSWERS, Written
from lean_installation import lean_installation
from prover_command import PATIENCE, Prover, Ran, ended_after
from vericode_answers import Scripted, record, starter_answers, starter_file, task_of
from warm import Warm, mostly_slow, source_of

from prover.benchmarks.algoveri import load_task
from prover.benchmarks.task import BenchmarkTask
from prover.events import Silent
from prover.languages import Language
from prover.policy.opening import Model
from prover.results import ProveRequest, ProveResult, Status
from prover.sampling.models import Models, sampling_settings
from prover.sampling.plain import plain_text
from prover.sampling.port import Answer, SampleRequest
from prover.sampling.service import SamplingService
from prover.settings import Settings
from prover.vericoding import session
from prover.vericoding.asking import requests_of
from prover.vericoding.marked import read_task
from prover.vericoding.task import VericodingTask

pytestmark = pytest.mark.integration
STARTER = ("count_below", "mirrored", "twice_as_long")
CASES = mostly_slow(
    {f"{name}-{answer}": (name, answer) for name in STARTER for answer in starter_answers(name)},
    *("mirrored-helper", "mirrored-redefining", "mirrored-right", "mirrored-sketch", "mirrored-wrong"),
    *("count_below-cheating", "count_below-right"),
    *("twice_as_long-axiom", "twice_as_long-plain", "twice_as_long-right", "twice_as_long-trusting"),
)
RECORDED = mostly_slow({name: (name,) for name in ANSWERS}, "binary_search", "linear_search", "stack_push")
LANGUAGES: tuple[Language, ...] = ("dafny", "lean")
DATA = "LEMMATREE_ALGOVERI"
"""Environment variable that names the folder of AlgoVeri's data, for tests that need it."""


class States:
    """A journal that counts what became of implementations."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def append(self, record: Mapping[str, object]) -> None:
        if record["event"] == "implementation":
            self.seen[str(record["state"])] += 1


def replayed(warm: Warm, task: VericodingTask, file: Path, others: str = "") -> tuple[ProveResult, Counter[str]]:
    """A run on a task with recorded answers."""
    states = States()
    request = warm.request(source_of(task.text, task.language), f"{others}replay:{file}", journal=states)
    return warm.run(session.prove(task, request, Silent())), states.seen


def proved_by(task: VericodingTask, model: Scripted) -> tuple[ProveResult, list[str]]:
    """A run on a task with a model in this process, and what it was asked."""
    asked: list[str] = []

    class Listening(Scripted):
        async def sample(self, requests: Sequence[SampleRequest]) -> Sequence[Answer]:
            asked.extend(plain_text(r.prompt) for r in requests)
            return await model.sample(requests)

    async def run() -> ProveResult:
        service = SamplingService(Listening([]))

        class One(Models):
            async def service(self, spec: str) -> SamplingService:
                return service

            def family(self, spec: str) -> str:
                return "generic"

        settings = Settings()
        models = One(sampling_settings(settings))
        source = source_of(task.text, task.language)
        request = ProveRequest(source, settings, "openai:scripted", seconds=300, models=models)
        return await session.prove(task, request, Silent())

    return asyncio.run(run()), asked


def implemented(prover: Prover, file: Path, answers: list[str], *options: str) -> Ran:
    """The command on a copy of a file, with recorded answers and the built-in policy."""
    record(task_of(file), answers, prover.folder / "answers.jsonl")
    (prover.folder / file.name).write_bytes(file.read_bytes())
    return prover.run("prove", file.name, "--policy", "symbolic+replay:answers.jsonl", "--json", *options)


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_what_becomes_of_an_answer(name: str, answer: str, warm: Warm, tmp_path: Path) -> None:
    file = starter_file(name)
    if file.suffix == ".lean":
        lean_installation()
    text, expected = starter_answers(name)[answer]
    task = task_of(file)
    original = source_of(task.text, task.language)
    policy = f"symbolic+replay:{record(task, [text], tmp_path / 'answers.jsonl')}"
    result = warm.prove(original, policy, checks=10 if expected == "rejected" else None)
    if expected == "rejected":
        assert (result.status, result.text) == (Status.UNKNOWN, None)
        assert "no implementation was proved" in result.reason
        return
    assert (result.status, result.implemented, result.untouched) == (Status.PROVED, True, False)
    assert (result.checks > 3) == (expected == "provable")  # one look and the gate, or a search between
    assert result.text is not None
    if answer == "right":  # the fresh verifier accepted the others too, before they were called proved
        verdict = warm.judge(original, source_of(result.text, task.language))
        assert (verdict.verdict, verdict.objections) == ("accepted", ())


@pytest.mark.parametrize(("name", "answer"), [("count_below", "right"), ("mirrored", "wrong")])
def test_the_command_writes_the_implementation_or_says_that_there_is_none(
    name: str, answer: str, prover: Prover
) -> None:
    file = starter_file(name)
    text, expected = starter_answers(name)[answer]
    ran = implemented(prover, file, [text], "--checks", "10")
    said = ran.json
    if expected == "rejected":
        assert (ran.code, said["status"], said["output"]) == (1, "unknown", None)
        assert "no implementation was proved" in said["reason"]
        return
    assert (ran.code, said["status"], said["implemented"], said["untouched"]) == (0, "proved", True, False)
    again = prover.run("check", (prover.folder / said["output"]).name, "--against", file.name, "--json")
    assert (again.code, again.json["verdict"], again.json["objections"]) == (0, "accepted", [])


@pytest.mark.parametrize("name", STARTER)
def test_reference_solutions_are_accepted(name: str, warm: Warm) -> None:
    file = starter_file(name)
    if file.suffix == ".lean":
        lean_installation()
    task = task_of(file)
    original = source_of(task.text, task.language)
    verdict = warm.judge(original, source_of(file.with_name(f"solution{file.suffix}").read_text(), task.language))
    assert (verdict.verdict, verdict.objections) == ("accepted", ())
    assert warm.judge(original, original).verdict == "rejected"


def test_code_needs_a_language_model(prover: Prover) -> None:
    ran = prover.run("prove", starter_file("count_below"), "--json")
    assert (ran.code, ran.json["status"]) == (3, "unsupported")
    assert "language model" in ran.json["reason"] and "--policy" in ran.json["reason"]


def test_a_file_whose_code_is_written_is_proved_as_any_other(warm: Warm) -> None:
    solution = starter_file("count_below").with_name("solution.dfy")
    text = solution.read_text().replace("    invariant count == CountBelow(s[..k], limit)\n", "")
    result = warm.prove(source_of(text))
    assert (result.status, result.implemented) == (Status.PROVED, False)


def test_what_does_not_resolve_is_mended_by_what_the_verifier_says() -> None:
    file = starter_file("count_below")
    task = task_of(file)
    right = starter_answers("count_below")["right"][0]
    model = Scripted([right.replace("count := 0;", "cuont := 0;")] + ["nothing"] * 7 + [right])
    result, asked = proved_by(task, model)
    assert (result.status, result.implemented) == (Status.PROVED, True)
    assert "ERROR" not in asked[0] and "ERROR" in asked[-1] and "cuont" in asked[-1]


def test_interrupted_it_keeps_the_best_implementation(prover: Prover) -> None:
    file = starter_file("mirrored")
    code = "{\n  m := End;\n  var rest := c;\n  while rest != End\n  {\n    m := Link(rest.head, m);\n"
    code += "    rest := rest.tail;\n  }\n}"
    record(task_of(file), [f"```dafny\n{code}\n```"], prover.folder / "answers.jsonl")
    (prover.folder / "task.dfy").write_bytes(file.read_bytes())
    journal = prover.folder / "run" / "journal.jsonl"
    options = ("--policy", "symbolic+replay:answers.jsonl", "--json", "--run", "run")
    with ended_after(prover.start("prove", "task.dfy", *options)) as process:
        deadline = time.monotonic() + PATIENCE
        while not (journal.exists() and '"state":"open"' in journal.read_text()):
            assert process.poll() is None and time.monotonic() < deadline, "nothing was looked at"
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
    said = json.loads(out)
    assert (process.returncode, said["status"]) == (130, "unknown")
    partial = (prover.folder / said["partial"]).read_text()
    assert partial.startswith("// UNPROVED") and "rest := rest.tail;" in partial


# ------------------------------------------------------------------------------------------------------------ AlgoVeri


@pytest.fixture(scope="module")
def algoveri() -> Path:
    """The folder with AlgoVeri's tasks, where there is one."""
    root = Path(__file__).parents[2]
    named = [Path(os.environ[DATA])] if DATA in os.environ else []
    for folder in (*named, root / "shared" / "bench" / "algoveri", root.parent / "shared" / "bench" / "algoveri"):
        if (folder / "algoveri_data").is_dir():
            return folder / "algoveri_data"
    pytest.skip(f"AlgoVeri's data is not here; name its folder in {DATA}")


def answer(task: VericodingTask, written: Written) -> str:
    """A whole file, as models give it."""
    fillings = {"helpers": written.helpers, "proofs": written.proofs, "code": written.code}
    return f"The file again.\n\n```dafny\n{task.rendered(fillings)}\n```\n"


def algoveri_task(folder: Path, language: Language) -> VericodingTask:
    """A task as implementations are asked for it."""
    posed = load_task(folder, language)
    assert isinstance(posed, BenchmarkTask)
    task = read_task(posed.source, language, posed.id, informal=posed.informal)
    assert isinstance(task, VericodingTask)
    return task


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_algoveri_becomes_prompts(language: Language, algoveri: Path) -> None:
    for folder in sorted(p for p in algoveri.iterdir() if p.is_dir()):
        task = algoveri_task(folder, language)
        assert [r.name for r in task.stubs] == ["code"]
        requests = requests_of(task, Model("", Scripted([]), "generic", ""), Settings())
        assert isinstance(requests, tuple)
        prompt = plain_text(requests[0].prompt)
        assert task.text.strip() in prompt and task.informal.strip() and task.informal.strip() in prompt


@pytest.mark.parametrize("name", RECORDED)
def test_right_answers_are_found_among_wrong_ones(name: str, warm: Warm, algoveri: Path, tmp_path: Path) -> None:
    task = algoveri_task(algoveri / name, "dafny")
    written = {k: w for k, w in ANSWERS[name].items() if w.expected != "provable"}
    file = record(task, [answer(task, w) for w in written.values()], tmp_path / "answers.jsonl")
    result, states = replayed(warm, task, file)
    assert (result.status, result.implemented, result.reason) == (Status.PROVED, True, "")
    assert result.text == task.rendered({"code": written["right"].code, "proofs": "\n", "helpers": "\n"})
    assert states.pop("verified") == 1
    assert sum(states.values()) == len(written) - 1


@pytest.mark.parametrize("name", RECORDED)
def test_wrong_answers_are_rejected(name: str, warm: Warm, algoveri: Path, tmp_path: Path) -> None:
    task = algoveri_task(algoveri / name, "dafny")
    wrong = [answer(task, w) for w in ANSWERS[name].values() if w.expected == "rejected"]
    result, states = replayed(warm, task, record(task, wrong, tmp_path / "answers.jsonl"))
    assert (result.status, result.text) == (Status.UNKNOWN, None)
    assert sum(states.values()) == len(wrong) and states.keys() <= {"open", "cheat"}


def test_what_cannot_be_read_here_is_unsupported(warm: Warm, algoveri: Path, tmp_path: Path) -> None:
    if lean_installation().core is None:
        pytest.skip("another Lean may have Mathlib")
    task = algoveri_task(algoveri / "gcd", "lean")
    result, states = replayed(warm, task, record(task, ["nothing"], tmp_path / "answers.jsonl"))
    assert (result.status, dict(states)) == (Status.UNSUPPORTED, {})
    assert "Mathlib" in result.reason


def test_code_without_its_proof_becomes_a_proof_task(warm: Warm, algoveri: Path, tmp_path: Path) -> None:
    task = algoveri_task(algoveri / "linear_search", "dafny")
    plain = answer(task, ANSWERS["linear_search"]["plain"])
    result, states = replayed(warm, task, record(task, [plain], tmp_path / "answers.jsonl"), "symbolic+")
    assert (result.status, result.implemented, dict(states)) == (Status.PROVED, True, {"open": 1})
    assert result.text is not None and "invariant" in result.text


# ------------------------------------------------------------------------------------------------------------ the gate

GRANTED = """\
theorem known (n : Nat) : n < n + 1 := sorry

def capped (n : Nat) : { m : Nat // m ≤ n } := ⟨n, sorry⟩

-- !benchmark @start auxcode
-- !benchmark @end auxcode

def same (n : Nat) : Nat :=
  -- !benchmark @start code
  sorry
  -- !benchmark @end code

-- !benchmark @start lemma
-- !benchmark @end lemma

theorem same_meets (n : Nat) : same n = (capped n).val := by
  -- !benchmark @start proof
  sorry
  -- !benchmark @end proof
"""


def test_what_a_lean_task_leaves_open_itself_is_baseline(warm: Warm, tmp_path: Path) -> None:
    lean_installation()
    file = tmp_path / "task.lean"
    file.write_text(GRANTED)
    own = task_of(file)
    done = {"code": "  n\n", "proof": "  rfl\n"}
    verdicts = {
        "right": own.rendered(done),
        "open": own.rendered({**done, "proof": "  sorry\n"}),
        "no code": own.rendered({"proof": "  rfl\n"}),
        "known left out": own.rendered(done).replace("theorem known (n : Nat) : n < n + 1 := sorry\n", ""),
        "known proved": own.rendered(done).replace("n < n + 1 := sorry", "n < n + 1 := Nat.lt_succ_self n"),
    }
    original = source_of(GRANTED, "lean")
    said = {name: warm.judge(original, source_of(text, "lean")) for name, text in verdicts.items()}
    assert {k: v.verdict for k, v in said.items()} == {
        "right": "accepted",
        "open": "rejected",
        "no code": "rejected",
        "known left out": "rejected",
        "known proved": "rejected",
    }
    assert said["right"].baseline[-2:] == ("not proved in the original: capped", "not proved in the original: known")
    assert [o.rule for o in said["open"].objections] == ["sorry-left"]


def test_what_a_lean_task_leaves_open_itself_is_no_goal(warm: Warm, tmp_path: Path) -> None:
    lean_installation()
    file = tmp_path / "given.lean"
    file.write_text(GRANTED)
    task = task_of(file)
    done = task.rendered({"code": "  n\n"})
    answers = record(task, [f"```lean4\n{done}```"], tmp_path / "answers.jsonl")
    result = warm.prove(source_of(GRANTED, "lean"), f"symbolic+replay:{answers}")
    assert (result.status, result.implemented) == (Status.PROVED, True)
    assert [g.name for g in result.goals] == ["same_meets"]


ACCEPTED_BY_DAFNY = {
    "an axiom": (
        "attribute-axiom",
        {"proofs": "lemma {:axiom} All()\n  ensures false\n", "code": "{\n  All();\n  m := c;\n}\n"},
    ),
    "a lemma that is not verified": (
        "verify-false",
        {"proofs": "lemma {:verify false} All()\n  ensures false\n{\n}\n", "code": "{\n  All();\n  m := c;\n}\n"},
    ),
    "a lemma without a body": (
        "bodyless-lemma",
        {"proofs": "lemma All()\n  ensures false\n", "code": "{\n  All();\n  m := c;\n}\n"},
    ),
    "a method without a body": (
        "bodyless-method",
        {"helpers": "method All()\n  ensures false\n", "code": "{\n  All();\n  m := c;\n}\n"},
    ),
    "an assumption": ("assume", {"code": "{\n  assume false;\n  m := c;\n}\n"}),
    "a loop without a body": (
        "bodyless-loop",
        {"code": "{\n  m := c;\n  while true\n    invariant m == Mirror(c)\n}\n"},
    ),
    "no body": ("code-missing", {"code": "\n"}),
    "a method that never ends": (
        "decreases-star",
        {"code": "decreases *\n{\n  m := Mirrored(c);\n}\n"},
    ),
    "a result that nothing computes": ("not-computed", {"code": "{\n  m :| m == Mirror(c);\n}\n"}),
    "a body and something behind it": (
        "region-crossed",
        {"code": "{\n  All();\n  m := c;\n}\nlemma All()\n  ensures false\n{\n  All();\n}\n"},
    ),
}


@pytest.mark.parametrize(("rule", "fillings"), ACCEPTED_BY_DAFNY.values(), ids=ACCEPTED_BY_DAFNY.keys())
def test_what_dafny_may_accept_the_gate_rejects(rule: str, fillings: dict[str, str], warm: Warm) -> None:
    task = task_of(starter_file("mirrored"))
    verdict = warm.judge(source_of(task.text), source_of(task.rendered(fillings)))
    assert verdict.verdict == "rejected"
    assert rule in [o.rule for o in verdict.objections]


def test_text_outside_of_the_regions_stays(warm: Warm) -> None:
    file = starter_file("count_below")
    solution = file.with_name("solution.dfy").read_text()
    candidate = source_of(solution.replace("count == CountBelow(s, limit)\n", "true\n"))
    assert [o.rule for o in warm.judge(source_of(file.read_text()), candidate).objections] == ["frozen-changed"]

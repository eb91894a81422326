"""Training pairs from journals: what becomes an example, how far it was verified, other names, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from prover_fakes import Terminal
from test_compact import LOOP, loop_goal

from dafny_env.records import DafnyRecords
from dafny_env.steps import DafnyStep, Insertion
from prover.policy.language.compact import CompactFormat
from prover.policy.language.formats import Purpose
from prover.policy.language.templates import TemplateFormat
from prover.rewarding import Reward, RewardError
from prover.training import grpo
from prover.training.examples import Example, NoRun, Outcome, examples
from prover.training.export import pairs
from prover.training.sft import Clock, NotTrained, read_pairs
from search.ports import Goal, Rejected, Step

BEFORE_BODY = LOOP.index(" {\n    done")
GOOD = DafnyStep((Insertion(BEFORE_BODY, "\n    invariant done <= n"),))
PRUNED = DafnyStep((Insertion(BEFORE_BODY, "\n    invariant f == Fib(done)"),))
BAD = DafnyStep((Insertion(BEFORE_BODY, "\n    invariant false"),))


def checked(step: DafnyStep, verdict: str, key: str, **more: object) -> dict[str, object]:
    return {
        "event": "candidate_checked",
        "goal": "g",
        "step": key,
        "verdict": verdict,
        "summary": "it does not hold" if verdict == "rejected" else "",
        "subgoals": [],
        "open_obligations": 1 if verdict == "rejected" else None,
        "score": 1.0 if verdict == "accepted" else None,
        "record": record(step),
    } | more


def record(step: DafnyStep) -> dict[str, object]:
    return dict(DafnyRecords().step(Step("k", "", payload=step)).fields)


def journal(tmp_path: Path, *more: Mapping[str, object], name: str = "run") -> Path:
    """A run over the goal of `test_compact`, with these events in it."""
    kept = DafnyRecords().goal(Goal("g", "Compute", payload=loop_goal()))
    texts = {key: f"t-{key}" for key in kept.texts}
    first = [{"event": "text_kept", "id": texts[key], "text": text} for key, text in kept.texts.items()]
    added = {"event": "goal_added", "goal": "g", "name": "Compute", "record": dict(kept.fields), "texts": texts}
    run = tmp_path / name
    run.mkdir(parents=True)
    lines = [json.dumps(event) for event in (*first, added, *more)]
    (run / "journal.jsonl").write_text("\n".join([*lines, '{"event": "torn']), encoding="utf-8")
    return run


SOLVED = {"event": "goal_solved", "goal": "g", "step": "good", "order": 0}
CONFIRMED = {
    "event": "proof_confirmed",
    "steps": [{"goal": "g", "kind": "houdini", "subgoals": [], "record": record(PRUNED)}],
}


def found(run: Path, least_score: float = 0.0) -> Sequence[Example]:
    read = examples(run, least_score=least_score)
    assert not isinstance(read, NoRun)
    return read


def test_what_the_gate_accepted_comes_instead_of_what_the_search_found(tmp_path: Path) -> None:
    run = journal(tmp_path, checked(GOOD, "accepted", "good"), SOLVED, CONFIRMED)
    (example,) = found(run)
    assert (example.outcome, example.step, example.ask.purpose) == (Outcome.CONFIRMED, PRUNED, Purpose.CLOSE)
    assert example.ask.goal == loop_goal() and (example.task, example.goal) == ("run", "Compute")


def test_a_solved_goal_of_a_run_without_a_proof_counts_as_solved(tmp_path: Path) -> None:
    (example,) = found(journal(tmp_path, checked(GOOD, "accepted", "good"), SOLVED))
    assert (example.outcome, example.step, example.score) == (Outcome.SOLVED, GOOD, 1.0)


def test_what_was_rejected_before_makes_a_repair(tmp_path: Path) -> None:
    run = journal(tmp_path, checked(BAD, "rejected", "bad"), checked(GOOD, "accepted", "good"), SOLVED)
    close, repair = found(run)
    assert (close.ask.purpose, repair.ask.purpose) == (Purpose.CLOSE, Purpose.REPAIR)
    ((tried, verdict),) = repair.ask.attempts
    assert isinstance(verdict, Rejected)
    assert tried == BAD and verdict.summary == "it does not hold" and repair.step == GOOD


def test_accepted_decompositions_have_their_score_and_a_least_one(tmp_path: Path) -> None:
    plan = checked(GOOD, "accepted", "plan", subgoals=["s"], score=0.4)
    run = journal(tmp_path, plan)
    assert [(e.outcome, e.score, e.ask.purpose) for e in found(run)] == [(Outcome.ACCEPTED, 0.4, Purpose.DECOMPOSE)]
    assert found(run, least_score=0.5) == []


def test_trials_and_steps_that_led_nowhere_are_no_examples(tmp_path: Path) -> None:
    run = journal(tmp_path, checked(GOOD, "accepted", "trial", score=None), checked(BAD, "rejected", "bad"))
    assert found(run) == []


def test_runs_below_a_folder_are_found_and_none_is_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        journal(tmp_path, CONFIRMED, name=name)
    assert [e.task for e in found(tmp_path)] == ["a", "b"]
    (tmp_path / "empty").mkdir()
    assert isinstance(examples(tmp_path / "empty"), NoRun)


def test_pairs_are_in_the_words_of_the_family(tmp_path: Path) -> None:
    read = found(journal(tmp_path, CONFIRMED))
    (row,) = pairs(read, CompactFormat()).rows
    assert row["prompt"].endswith("=>") and row["completion"] == " <3> invariant v1 == F0 ( v2 )"
    assert (row["family"], row["outcome"], row["score"], row["renamed"]) == ("compact", "confirmed", 1.0, False)
    (chat,) = pairs(read, TemplateFormat("generic")).rows
    assert [turn["role"] for turn in chat["prompt"]] == ["system", "user"]
    (turn,) = chat["completion"]
    assert turn["role"] == "assistant" and "invariant f == Fib(done)" in turn["content"]


def test_an_answer_of_a_chat_reads_back_as_its_step(tmp_path: Path) -> None:
    format_ = TemplateFormat("generic")
    (example,) = found(journal(tmp_path, CONFIRMED))
    said = format_.answer(example.ask, example.step)
    assert said is not None
    (step,) = format_.read(example.ask, said, cut_off=False)
    assert isinstance(step, DafnyStep)
    assert [i.text.split() for i in step.insertions] == [i.text.split() for i in PRUNED.insertions]


def test_equal_pairs_are_written_once_and_others_are_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        journal(tmp_path, checked(BAD, "rejected", "bad"), CONFIRMED, name=name)
    made = pairs(found(tmp_path), CompactFormat())
    assert len(made.rows) == 1
    assert made.left_out == {"the same pair again": 1, "the family compact does not repair": 2}
    assert pairs(found(tmp_path), CompactFormat(), room=10).rows == ()


def test_copies_have_other_symbols_and_say_so(tmp_path: Path) -> None:
    rows = pairs(found(journal(tmp_path, CONFIRMED)), CompactFormat(), copies=5, seed=1).rows
    assert [row["renamed"] for row in rows] == [False] + [True] * (len(rows) - 1)
    assert 2 < len({row["prompt"] for row in rows}) == len(rows) <= 6
    assert rows == pairs(found(tmp_path / "run"), CompactFormat(), copies=5, seed=1).rows, "the same seed, the same"


# Training


def test_the_rate_goes_up_and_then_down_to_nothing() -> None:
    clock = Clock(None, updates=100, warmup=10)
    rates = [clock.rate(update) for update in range(101)]
    assert rates[0] == pytest.approx(0.1) and max(rates) <= 1.0 and rates[100] == 0.0
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert not clock.over and Clock(0.0001, 100, 10).rate(0) <= 0.1


def test_pairs_of_two_families_are_not_mixed(tmp_path: Path) -> None:
    for family in ("generic", "compact"):
        row = {"prompt": "p", "completion": "c", "family": family}
        (tmp_path / family).write_text(json.dumps(row) + "\n", encoding="utf-8")
    told = read_pairs([tmp_path / "generic", tmp_path / "compact"])
    assert isinstance(told, NotTrained) and "several families" in told.reason
    assert isinstance(read_pairs([tmp_path / "nowhere"]), NotTrained)


# The commands


def test_export_writes_pairs_and_tells_scripts(terminal: Terminal, tmp_path: Path) -> None:
    run = journal(tmp_path, CONFIRMED)
    out = tmp_path / "pairs.jsonl"
    ran = terminal.run(
        "train", "export", str(run), "--out", str(out), "--family", "compact", "--renamed", "2", "--json"
    )
    assert ran.code == 0
    told = ran.json
    assert (told["pairs"], told["renamed"], told["tasks"], told["left_out"]) == (3, 2, 1, {})
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.parametrize(
    "options, told",
    [
        (["--family", "nobody"], "choose one of"),
        (["--purpose", "wish"], "purposes: "),
        (["--out", "-", "--json"], "both want stdout"),
    ],
)
def test_export_refuses_what_it_cannot_do(terminal: Terminal, tmp_path: Path, options: list[str], told: str) -> None:
    run = journal(tmp_path, CONFIRMED)
    out = [] if "--out" in options else ["--out", str(tmp_path / "x")]
    ran = terminal.run("train", "export", str(run), *out, *options)
    assert ran.code == 2 and told in ran.stderr


def test_nothing_to_export_is_told(terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal.run("train", "export", str(tmp_path), "--out", str(tmp_path / "x"))
    assert ran.code == 2 and "prover prove" in ran.stderr
    ran = terminal.run("train", "export", str(journal(tmp_path)), "--out", str(tmp_path / "x"))
    assert ran.code == 1


def test_sft_refuses_a_folder_that_is_there_and_pairs_that_are_not(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "pairs").write_text('{"prompt": "p", "completion": "c", "family": "compact"}\n', encoding="utf-8")
    arguments = ("--model", "scratch:tiny", "--out", str(tmp_path))
    assert "new folder" in terminal.run("train", "sft", str(tmp_path / "pairs"), *arguments).stderr
    ran = terminal.run("train", "sft", str(tmp_path / "nowhere"), *arguments)
    assert ran.code == 2 and "prover train export" in ran.stderr


# Rewards


def test_rewards_come_in_order_each_goal_asked_once_and_no_verdict_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, tuple[str, ...], str | None]] = []

    def reward(source: str, goal: str, texts: list[str], *, language: str | None) -> tuple[Reward, ...]:
        asked.append((source, goal, tuple(texts), language))
        return tuple(Reward(None if t == "?" else float(t), None, None, 1) for t in texts)

    monkeypatch.setattr(grpo, "reward", reward)
    chat = [{"role": "assistant", "content": "0.5"}]
    found = grpo.grpo_reward(
        completions=["0.1", chat, "?", "0.4"],
        prompts=["p"] * 4,
        source=["s", "s", "s", "s"],
        target=["A", "B", "A", "B"],
        language=["dafny", "lean", "dafny", "lean"],
    )
    assert found == [0.1, 0.5, None, 0.4]
    assert asked == [("s", "A", ("0.1", "?"), "dafny"), ("s", "B", ("0.5", "0.4"), "lean")]


def test_compact_answers_are_judged_as_the_declarations_that_they_make(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def reward(source: str, goal: str, texts: list[str], *, language: str | None) -> tuple[Reward, ...]:
        judged.extend(texts)
        return tuple(Reward(1.0, 1.0, True, 1) for _ in texts)

    monkeypatch.setattr(grpo, "reward", reward)
    completions = [" <3> invariant v1 == F0 ( v2 )", "no answer"]
    found = grpo.grpo_reward(completions, [LOOP] * 2, ["Compute"] * 2, language=["dafny"] * 2, family=["compact"] * 2)
    assert found == [1.0, 1.0] and "invariant f == Fib(done)" in judged[0] and judged[1] == "no answer"


def test_rows_about_a_place_inside_a_declaration_have_no_reward() -> None:
    with pytest.raises(RewardError, match="target"):
        grpo.grpo_reward(completions=["x"], source=["s"], target=[""])


def test_events_that_another_version_wrote_otherwise_are_passed_over(tmp_path: Path) -> None:
    old = {"event": "proof_confirmed", "steps": [{"goal": "g"}]}
    older = {"event": "candidate_checked", "goal": "g", "record": {"language": "dafny"}}
    run = journal(tmp_path, old, older, checked(GOOD, "accepted", "good"), SOLVED)
    assert [e.step for e in found(run)] == [GOOD]


@pytest.mark.parametrize("pair", [{"prompt": 3, "completion": "b"}, {"prompt": "a", "completion": None}])
def test_pairs_that_are_neither_texts_nor_turns_are_refused(tmp_path: Path, pair: dict[str, object]) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(json.dumps(pair), encoding="utf-8")
    refused = read_pairs([file])
    assert isinstance(refused, NotTrained) and "both texts" in refused.reason

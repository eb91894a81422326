"""`prover report`: what stands on the page, and that nothing a task or a model has written can be more than text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import asdict, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from evaluation_folders import SOURCE, Folder, a_task, every_class, many
from prover_fakes import Terminal
from show_worlds import played
from test_cli_show import WORLD

from prover.benchmarks.benchmark import Counting
from prover.benchmarks.task import NotLoaded
from prover.evaluation.comparison import compare
from prover.evaluation.figures import figures_of
from prover.evaluation.outcomes import TaskClass
from prover.evaluation.records import HEADER, RESULTS, TASKS, Evaluation, read_evaluation
from prover.results import ObjectionJson

_VOID = frozenset(["meta", "input", "br"])


class Page(HTMLParser):
    """A page taken apart; fails where elements are not closed in order. rows: of tables with a name, as texts of
    cells. tasks: details by name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.rows: dict[str, list[list[str]]] = {}
        self.declared = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_decl(self, decl: str) -> None:
        self.declared = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names))
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append((tag, dict(attrs)))
        if tag == "tr" and (table := self._table()):
            self.rows.setdefault(table, []).append([])
        if tag in ("td", "th") and (table := self._table()):
            self.rows[table][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1][0] == tag, (tag, self.open[-3:], self.getpos())
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] in ("style", "script"):
            return
        self.words.append(data)
        table = self._table()
        if table and self.rows.get(table) and self.rows[table][-1] and any(t in ("td", "th") for t, _ in self.open):
            self.rows[table][-1][-1] += data

    def _table(self) -> str | None:
        return next((attrs.get("id") for tag, attrs in reversed(self.open) if tag == "table"), None)

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.words).split())

    def table(self, name: str) -> list[list[str]]:
        return [[" ".join(cell.split()) for cell in row] for row in self.rows[name]]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for one, attrs in self.elements if one == tag]


def evaluation(path: Path) -> Evaluation:
    read = read_evaluation(path)
    assert isinstance(read, Evaluation)
    return read


def report(terminal: Terminal, *runs: Path) -> Page:
    ran = terminal.run("report", *runs)
    assert (ran.code, ran.stderr) == (0, ""), ran
    out = runs[0] / "report.html"
    assert ran.stdout.splitlines()[0] == f"Written to: {out}"
    return Page(out.read_text(encoding="utf-8"))


@pytest.fixture
def every(terminal: Terminal) -> Path:
    return every_class().write(terminal.folder / "every", played(WORLD, concurrency=1).lines)


# ------------------------------------------------------------------------------------------------------------ contents


def test_every_task_stands_in_one_row_and_in_one_class(terminal: Terminal, every: Path) -> None:
    page, figures = report(terminal, every), figures_of(evaluation(every))
    names = [row[0] for row in page.table("task-table") if len(row) > 1][1:]
    assert names == [task.id for task in figures.tasks]
    classes = {row[0].lstrip("✓✗○⊘–!· "): row[1] for row in page.table("class-table")[1:]}
    assert classes.pop("all") == "10"
    assert classes == {kind.value: str(figures.counts[kind]) for kind in TaskClass if kind is not TaskClass.NOT_RUN}
    assert sum(map(int, classes.values())) == 10


def test_rates_are_those_of_the_figures_with_denominator_and_interval(terminal: Terminal, every: Path) -> None:
    page, figures = report(terminal, every), figures_of(evaluation(every))
    rows = page.table("rate-table")[1:]
    assert figures.official is not None and figures.official.rate is None  # it has not spoken on some: no score
    for row, rate in zip(rows, figures.rates, strict=True):
        assert rate.value is not None
        low, high = 100 * rate.interval.low, 100 * rate.interval.high
        assert row[1:5] == [str(rate.solved), str(rate.n), f"{100 * rate.value:.1f} %", f"{low:.1f} to {high:.1f} %"]
    groups = {row[0]: row[1:3] for row in page.table("group-table")[1:]}
    assert groups == {rate.label: [str(rate.solved), str(rate.n)] for rate in figures.groups}


def test_the_run_tells_what_is_needed_to_repeat_it(terminal: Terminal, every: Path) -> None:
    said = report(terminal, every).said
    for told in ("symbolic", "best-first", "60 seconds", "Dafny 2.3.0.10506 (z3 4.8.5)", "0cd28fe", "Python 3.11.7"):
        assert told in said
    assert "Finished: 9 attempts." in said


def test_what_the_official_rule_could_not_decide_is_said_with_both_verifiers(terminal: Terminal, every: Path) -> None:
    said = report(terminal, every).said
    assert "its pinned verifier is Dafny 4.11, and here ran Dafny 2.3.0.10506 (z3 4.8.5)" in said


def test_tasks_that_pass_only_the_official_rule_are_listed_with_objections(terminal: Terminal, every: Path) -> None:
    said = report(terminal, every).said
    listed = said[said.index("Pass the official rule, but not the strict one: 1 task") :]
    assert listed.index("cheat") < listed.index("`assume false` is not allowed (line 4)") < 200


def test_details_have_the_proof_marked_the_tree_and_the_cost(terminal: Terminal, every: Path) -> None:
    page = report(terminal, every)
    assert "<ins>+  assert xs == xs[..];</ins>" in page.text.replace("+   assert", "+  assert")
    assert "✓ Helper" in re.sub(r"</?span[^>]*>", "", page.text)
    for told in (
        "Add them up.",
        "a postcondition might not hold",
        "counterexample: xs = [1]",
        "axiom Trusted",
        "its postcondition is false",
        "the budget of seconds is spent; still open: Total.",
        "Nothing was inserted.",
        "2 subgoals",
        "Mathlib is not there",
    ):
        assert told in page.said


def test_an_unfinished_run_says_so(terminal: Terminal) -> None:
    made = every_class()
    made.attempts = made.attempts[:4]
    path = made.write(terminal.folder / "run")
    (path / HEADER).write_text((path / HEADER).read_text().replace("finished", "running"))
    with (path / RESULTS).open("a") as file:
        file.write('{"torn')
    page = report(terminal, path)
    assert "Unfinished: 4 of 9 attempts" in page.said
    assert ["· not run", "5", "50.0 %", "no attempt has ended"] in page.table("class-table")
    assert "Tasks that have not run are in no rate." in page.said


def test_the_official_rate_is_given_where_the_rule_has_spoken(terminal: Terminal) -> None:
    made = Folder()
    made.add(a_task("one"), "proved", official=True, official_reason="")
    made.add(a_task("two"), "proved", official=False, official_reason="")
    rows = report(terminal, made.write(terminal.folder / "run")).table("rate-table")
    assert rows[-1][:4] == ["official rule pass the benchmark's own rule, of all tasks", "1", "2", "50.0 %"]


def test_the_official_rate_is_of_what_the_benchmark_counts_and_the_page_says_so(terminal: Terminal) -> None:
    made = Folder()
    made.add(a_task("one", groups=("few-shot",)), "proved", official=True, official_reason="")
    made.add(a_task("two"), "proved", official=True, official_reason="")
    made.add(a_task("three"), "proved", official=False, official_reason="too slow", official_timed_out=True)
    counting = Counting(187, ("proof",), "187 tasks, without the examples", left_out=("few-shot",))
    made.header = {"official": {"pin": "Lean 4.18", "seconds": 120.0, "counting": asdict(counting)}}
    page = report(terminal, made.write(terminal.folder / "run"))
    row = page.table("rate-table")[-1]
    assert row[0].startswith("official rule") and row[1:4] == ["1", "2", "50.0 %"]
    assert row[0].endswith("own figures are of 187 tasks, without the examples; here they are of 2")
    assert "Not counted here: one." in page.said
    assert "1 task of those that do not pass was only too slow" in page.said


def test_several_attempts_have_a_pass_at_k_by_either_rule(terminal: Terminal) -> None:
    made = Folder()
    made.add(a_task("one"), "proved", "proved", official=True, official_reason="")
    made.add(a_task("two"), "proved", "proved", official=False, official_reason="")
    page = report(terminal, made.write(terminal.folder / "run"))
    assert [row[:2] for row in page.table("pass-table")[1:]] == [["1", "100.0 %"], ["2", "100.0 %"]]
    assert [row[:2] for row in page.table("official-pass-table")[1:]] == [["1", "50.0 %"], ["2", "50.0 %"]]


def test_rates_of_languages_counted_apart_have_a_row_each(terminal: Terminal) -> None:
    made = Folder()
    made.add(a_task("one"), "proved", official=True, official_reason="")
    made.add(a_task("two", language="lean"), "proved", official=False, official_reason="")
    counting = Counting(1, ("proof",), "1 task in each language", by_language=True)
    made.header = {"official": {"pin": "Dafny 4.11", "seconds": 60.0, "counting": asdict(counting)}}
    rows = report(terminal, made.write(terminal.folder / "run")).table("rate-table")[-2:]
    assert [row[0].partition(" pass")[0] for row in rows] == ["official rule, Dafny", "official rule, Lean"]
    assert [row[1:3] for row in rows] == [["1", "1"], ["0", "1"]]


def test_what_was_late_beside_other_processes_is_told_apart_from_another_verifier(terminal: Terminal) -> None:
    made = Folder()
    made.add(a_task("one"), "proved", official_reason="late", official_timed_out=True)
    page = report(terminal, made.write(terminal.folder / "run"))
    assert "Late for the official rule beside other processes, and not decided for that: 1 attempt." in page.said
    assert "its pinned verifier is" not in page.said


def test_tasks_without_an_answer_are_told_in_a_finished_run(terminal: Terminal) -> None:
    made = Folder()
    made.add(a_task("one"), "proved")
    made.add(a_task("two"))
    page = report(terminal, made.write(terminal.folder / "run"))
    assert "Without any attempt (no answer was given), and counted as not solved: 1 task." in page.said
    assert "Unfinished" not in page.said
    assert ["· not run", "1", "50.0 %", "no attempt has ended"] in page.table("class-table")
    assert page.table("rate-table")[1][1:3] == ["1", "2"]


def test_with_several_attempts_pass_at_k_and_all_attempts_are_told(terminal: Terminal) -> None:
    made = Folder()
    made.add(a_task("one"), "unknown", "proved", "unknown", reason="too hard")
    made.add(a_task("two"), "unknown", "unknown", "unknown", reason="too hard")
    page = report(terminal, made.write(terminal.folder / "run"))
    assert [row[:2] for row in page.table("pass-table")[1:]] == [["1", "16.7 %"], ["2", "33.3 %"], ["3", "50.0 %"]]
    assert "Attempt 2: ✓ proved" in page.said
    assert "run, attempt 3: ○ unknown, 12 checks, 2.5 s: too hard" in page.said


def test_an_error_of_ours_is_shown_with_its_trace(terminal: Terminal, every: Path) -> None:
    (every / "attempts" / "crash" / "1").mkdir(parents=True, exist_ok=True)
    (every / "attempts" / "crash" / "1" / "error.txt").write_text("Traceback: in prove <module>\n")
    assert "Where the error happened Traceback: in prove <module>" in report(terminal, every).said


def test_an_empty_run_is_a_page_too(terminal: Terminal) -> None:
    page = report(terminal, Folder().write(terminal.folder / "run"))
    assert "There are no tasks." in page.said


# ---------------------------------------------------------------------------------------------------------- comparison


def two_runs(terminal: Terminal) -> tuple[Path, Path]:
    first, second = (many(20, solved=share).write(terminal.folder / f"run{share}") for share in (0.4, 0.7))
    return first, second


def test_runs_side_by_side_tell_what_was_won_and_lost(terminal: Terminal) -> None:
    runs = two_runs(terminal)
    page, pair = report(terminal, *runs), compare(*map(evaluation, runs))
    assert pair.won and pair.lost
    assert f"run0.7 won {len(pair.won)} and lost {len(pair.lost)}" in page.said
    assert f"p = {pair.p_value:.2g}" in page.said
    assert [row[0] for row in page.table("task-table") if len(row) > 1][2:] == [
        record.id for record in evaluation(runs[0]).tasks
    ]
    targets = {attrs["id"] for attrs in page.all("tbody") if "id" in attrs}
    links = [attrs["href"] or "" for attrs in page.all("a")]
    assert {link[1:] for link in links if re.fullmatch(r"#t\d+", link)} <= targets


def test_runs_of_different_benchmarks_are_told_apart_and_not_compared(terminal: Terminal, every: Path) -> None:
    other = Folder()
    other.add(replace(a_task("sum_total"), benchmark="starter"), "unknown")
    page = report(terminal, every, other.write(terminal.folder / "other", []))
    assert "These runs are of different benchmarks" in page.said
    rows = [row for row in page.table("task-table") if len(row) > 1][2:]
    assert len(rows) == 11
    assert [row[:2] for row in rows if row[0] == "sum_total"] == [["sum_total", "dafnybench"], ["sum_total", "starter"]]
    assert "published-table" not in page.rows


def test_the_same_run_twice_and_runs_of_one_name(terminal: Terminal, every: Path) -> None:
    page = report(terminal, every, every)
    assert "run 2 won 0 and lost 0" in page.said


def test_published_results_never_stand_without_what_differs(terminal: Terminal, every: Path) -> None:
    rows = report(terminal, every).table("published-table")[1:]
    assert rows[0][:2] == ["this run: symbolic", "30.0 %"]
    names = [row[0] for row in rows[1:]]
    assert names[0] == "AxDafny (2026)" and "Claude 3 Opus (2024)" in names
    for row in rows[1:]:
        assert row[1] and row[2] and row[3] and row[4] and row[6]
        assert row[5].startswith("another proposer") and row[5].endswith("verifier's version")
        assert "https://" in row[6]
    said = {row[0]: row[6] for row in rows[1:]}
    assert "arxiv.org/abs/2606.32007" in said["AxDafny (2026)"] and "not confirmed" not in said["AxDafny (2026)"]
    assert "github.com/sun-wendy/DafnyBench" in said["GPT-4o (2024)"]
    assert "not confirmed: the table with the number was not seen" in said["GPT-4o (2024)"]


def test_beside_published_results_stands_what_the_official_rule_says_of_ours(terminal: Terminal) -> None:
    made = Folder()
    made.add(a_task("one"), "proved", official=True, official_reason="")
    made.add(a_task("two"), "proved", official=False, official_reason="no")
    counting = Counting(782, ("proof",), "all 782 programs")
    made.header = {"official": {"pin": "Dafny 4", "seconds": 15.0, "counting": asdict(counting)}}
    rows = report(terminal, made.write(terminal.folder / "run")).table("published-table")[1:3]
    assert [row[:3] for row in rows] == [["this run: symbolic", "100.0 %", "2"], ["this run: symbolic", "50.0 %", "2"]]
    assert rows[0][5].startswith("by the strict rule") and rows[1][5].startswith("by the official rule")
    assert rows[1][5].endswith("not all the tasks that the benchmark counts")


# ------------------------------------------------------------------------------------------------------------- hostile

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`&{{ 7 * 7 }}{% raw %}\x1b[31m\x00\u202e\ud800"
)


def hostile_folder() -> Folder:
    made = Folder()
    text = SOURCE + f"// {HOSTILE}\n" + "x" * 200_000 + "\r\n"
    task = a_task(HOSTILE, source=text, informal=HOSTILE, groups=(HOSTILE,), baseline=(HOSTILE,), defects=(HOSTILE,))
    objection = ObjectionJson(rule=HOSTILE, message=HOSTILE, line=None, column=None)
    more = {"reason": HOSTILE, "official_reason": HOSTILE, "verifier": HOSTILE, "axioms": [HOSTILE] * 100}
    made.add(task, "unknown", proof=text + HOSTILE, official=True, objections=[objection], **more)
    made.add(NotLoaded("dafnybench", f"{HOSTILE} 2", "dafny", "unsupported", HOSTILE))
    made.header = {"benchmark": HOSTILE, "settings": {HOSTILE: HOSTILE, "policy": HOSTILE}, "cores": [HOSTILE]}
    return made


def write_hostile(path: Path) -> Path:
    return hostile_folder().write(path, [{"event": "run_started", HOSTILE: HOSTILE}, {"event": HOSTILE}])


def test_hostile_texts_stay_texts(terminal: Terminal) -> None:
    page = report(terminal, write_hostile(terminal.folder / "run"))
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert not any(name.startswith("on") or name == "style" for _, attrs in page.elements for name in attrs)
    assert "{{ 7 * 7 }}" in page.said
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\ud800-\udfff]", page.text)
    assert len(page.text) < 200_000


def test_the_page_loads_nothing_and_its_policy_forbids_it(terminal: Terminal, every: Path) -> None:
    page = report(terminal, every)
    assert page.text.startswith("<!DOCTYPE html>")
    for tag, attrs in page.elements:
        assert tag not in ("link", "iframe", "object", "embed", "base", "img")
        assert not {"src", "srcset", "action", "formaction", "style"} & attrs.keys()
        assert (attrs.get("href") or "#").startswith("#")
    css, js = (re.search(f"<{tag}>(.*?)</{tag}>", page.text, re.S) for tag in ("style", "script"))
    assert css is not None and js is not None
    assert "url(" not in css[1] and "@import" not in css[1]
    digests = [base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode() for found in (css, js)]
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; base-uri 'none'; "
        "form-action 'none'"
    )


def test_names_that_lead_out_of_the_folder_are_not_followed(terminal: Terminal) -> None:
    (terminal.folder / "secret.dfy").write_text("the secret\n")
    made = Folder()
    made.add(a_task("one"), "proved")
    made.add(a_task("two"), "proved")
    made.add(a_task("three"), "proved")
    path = made.write(terminal.folder / "run")
    (path / "proofs" / "two.proved.dfy").unlink()
    (path / "proofs" / "two.proved.dfy").symlink_to(terminal.folder / "secret.dfy")
    names = {"one": "../secret.dfy", "three": str(terminal.folder / "secret.dfy")}
    lines = [attempt.model_copy(update={"output": names.get(attempt.id, attempt.output)}) for attempt in made.attempts]
    (path / RESULTS).write_text("".join(line.to_line() for line in lines))
    page = report(terminal, path)
    assert "the secret" not in page.text
    assert page.said.count("cannot be read in the run's folder") == 3


def test_a_large_run_stays_a_page_of_bounded_size(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prover.report.page.PAGE", 200_000)
    monkeypatch.setattr("prover.report.page._LEAST", 1_000)
    monkeypatch.setattr("prover.report.page.JOURNALS", 20_000)
    journal = played(WORLD, concurrency=1).lines
    page = report(terminal, many(60).write(terminal.folder / "run", journal))
    assert len(page.text) < 1_000_000
    assert "characters more are not shown" in page.said
    assert "Not drawn here, to keep this page small: prover show" in page.said
    assert "✓ Helper" in re.sub(r"</?span[^>]*>", "", page.text)


def test_judged_answers_are_nobody_of_ours(terminal: Terminal) -> None:
    """No policy has had a part in them, and there is no tree to be shown."""
    made = every_class()
    made.header = {"answers": "/home/somebody/answers", "answers_sha256": "a" * 64}
    path = made.write(terminal.folder / "run")
    for attempt in made.attempts:
        evaluation(path).attempt_folder(attempt).mkdir(parents=True)
    page = report(terminal, path)
    assert page.table("published-table")[1][0] == "this run: answers of others"
    assert "Who proposes" not in page.said and "/home/somebody/answers" in page.said
    assert "Not drawn here" not in page.said


# ------------------------------------------------------------------------------------------------------------- command


def test_out_is_a_file_or_standard_output(terminal: Terminal, every: Path) -> None:
    out = terminal.folder / "page.html"
    assert terminal.run("report", every, "--out", out).stdout == f"Written to: {out}\n"
    assert terminal.run("report", every, "--out", out).code == 0  # a page may be written again
    assert not (every / "report.html").exists()
    assert terminal.run("report", every, "--out", "-").stdout == out.read_text(encoding="utf-8")


def test_nothing_but_a_page_is_written_over(terminal: Terminal, every: Path) -> None:
    before = (every / TASKS).read_bytes()
    ran = terminal.run("report", every, "--out", every / TASKS)
    assert (ran.code, ran.stdout) == (2, "")
    assert "is there already, and is no HTML page; give another --out FILE" in ran.stderr
    assert (every / TASKS).read_bytes() == before
    assert terminal.run("report", every, "--out", every).code == 2
    assert "there is no folder" in terminal.run("report", every, "--out", every / "no" / "x.html").stderr


def test_folders_that_hold_no_evaluation_are_refused_with_the_next_step(terminal: Terminal, every: Path) -> None:
    for run in (terminal.folder / "nowhere", terminal.folder, every / TASKS):
        ran = terminal.run("report", every, run)
        assert (ran.code, ran.stdout) == (2, "")
        assert ran.stderr.startswith(f"prover: {run}") and "prover eval" in ran.stderr
    assert terminal.run("report").code == 2


@pytest.mark.parametrize("spoil", ["torn header", "no results", "no proofs", "torn journal", "strange header"])
def test_torn_folders_are_shown_as_far_as_they_go(terminal: Terminal, every: Path, spoil: str) -> None:
    header: dict[str, Any] = {"settings": [1], "official": 3, "upstream": "x", "attempts": "many", "models": [0]}
    match spoil:
        case "torn header":
            (every / HEADER).unlink()
        case "no results":
            (every / RESULTS).unlink()
            (every / HEADER).write_text((every / HEADER).read_text().replace("finished", "running"))
        case "no proofs":
            for file in (every / "proofs").iterdir():
                file.unlink()
        case "torn journal":
            for file in every.glob("attempts/*/*/journal.jsonl"):
                file.write_bytes(file.read_bytes()[:-20] + b"\xff")
        case "strange header":
            (every / HEADER).write_text(json.dumps(header))
    page = report(terminal, every)
    assert [row[0] for row in page.table("task-table") if len(row) > 1][1:] == [
        record.id for record in evaluation(every).tasks
    ]
    assert {"torn header": "run.json is missing or damaged", "no results": "Unfinished: 0 of 9"}.get(
        spoil, ""
    ) in page.said


def test_pages_are_the_same_each_time(terminal: Terminal, every: Path) -> None:
    first = terminal.run("report", every, "--out", "-").stdout
    assert terminal.run("report", every, "--out", "-").stdout == first

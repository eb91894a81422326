import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafny_env.driver.parse_output import Trailer, parse_trailer, parse_transcript, same_file
from dafny_env.driver.types import Place, Rule

RUN = """\
[TRACE] Using prover: /opt/z3
Parsing f.dfy
f.dfy(2,10): Warning: /!\\ No terms found to trigger on.
Coalescing blocks...
Inlining...

Running abstract interpretation...
  [0.07 s]
[TRACE] Using prover: /opt/z3

Verifying CheckWellformed$$_module.__default.Ack ...
  [0.692 s, 17 proof obligations]  verified

Verifying Impl$$_module.__default.H ...
  [2.123 s, 1 proof obligation]  timed out
f.dfy(2,7): Verification of 'Impl$$_module.__default.H' timed out after 2 seconds
f.dfy(2,93): Timed out on: assertion violation
Execution trace:
    (0,0): anon0
    (0,0): anon7_Then

Verifying Impl$$_0_M.C__d.Foo__bar_k ...
  [0.411 s, 2 proof obligations]  error
f.dfy(6,73): Error BP5003: A postcondition might not hold on this return path.
f.dfy(6,69): Related location: This is the postcondition that might not hold.
Execution trace:
    (0,0): anon0

Dafny program verifier finished with 1 verified, 1 error, 1 time out
"""


def test_each_check_of_the_trace_is_read_with_its_outcome() -> None:
    found = [(p.name.dafny, p.outcome, p.obligations, p.seconds) for p in parse_transcript(RUN, {"f.dfy"}).procedures]
    assert found == [
        ("Ack", "verified", 17, 0.692),
        ("H", "timed out", 1, 2.123),
        ("M.C_d.Foo_bar'", "failed", 2, 0.411),
    ]


def test_an_error_has_rule_place_related_places_and_declaration() -> None:
    error = parse_transcript(RUN, {"/tmp/f.dfy"}).diagnostics[-1]
    assert (error.severity, error.rule, error.place) == ("error", Rule.POSTCONDITION, Place(6, 73))
    assert error.message == "A postcondition might not hold on this return path."
    assert error.related == ((Place(6, 69), "This is the postcondition that might not hold."),)
    assert error.declaration == "M.C_d.Foo_bar'"


def test_a_timeout_is_a_diagnostic_of_its_own_rule() -> None:
    late = [d for d in parse_transcript(RUN, {"f.dfy"}).diagnostics if d.rule is Rule.TIMEOUT]
    assert [(d.place, d.declaration) for d in late] == [(Place(2, 7), "H"), (Place(2, 93), "H")]


def test_the_trailer_is_read_whole() -> None:
    transcript = parse_transcript(RUN, {"f.dfy"})
    assert transcript.trailer == Trailer(1, 1, time_outs=1)
    assert transcript.reached_verifier
    assert transcript.after_trailer == "" and transcript.trouble == ()


@pytest.mark.parametrize(
    ("line", "trailer"),
    [
        ("Dafny program verifier finished with 1 verified, 0 errors", Trailer(1, 0)),
        ("Dafny program verifier finished with 3 verified, 10 errors", Trailer(3, 10)),
        ("Dafny program verifier finished with 1 verified, 0 errors, 1 time out", Trailer(1, 0, time_outs=1)),
        ("Dafny program verifier finished with 1 verified, 0 errors, 2 time outs", Trailer(1, 0, time_outs=2)),
        (
            "Dafny program verifier finished with 4 verified, 1 error, 2 inconclusive, "
            "1 out of memory, 3 out of resource",
            Trailer(4, 1, inconclusive=2, out_of_memory=1, out_of_resource=3),
        ),
        ("Dafny program verifier finished with 1 verified, 0 errors, 1 surprise", None),
        ("Dafny program verifier finished with 1 verified, 0 errors; and more", None),
        ("1 verified, 0 errors", None),
    ],
)
def test_a_trailer_says_exactly_what_it_says(line: str, trailer: Trailer | None) -> None:
    assert parse_trailer(line) == trailer


def test_only_a_trailer_without_complaints_is_clean() -> None:
    assert Trailer(3, 0).clean
    assert not any(t.clean for t in (Trailer(3, 10), Trailer(1, 0, time_outs=1), Trailer(0, 0, out_of_resource=1)))


@pytest.mark.parametrize(
    "line",
    [
        "[FATAL] The requested operation caused a stack overflow.",
        "Prover error: something",
        "Fatal Error: ProverException: broken pipe",
        "Advisory: Impl$$_module.__default.M SKIPPED because of internal error: unexpected prover output: x",
    ],
)
def test_signs_of_trouble_are_kept(line: str) -> None:
    assert parse_transcript(f"{line}\n", {"f.dfy"}).trouble == (line,)


def test_the_old_option_that_newer_solvers_do_not_know_is_no_trouble() -> None:
    text = "Prover error: line 18 column 28: unknown parameter 'model_compress'\nLegal parameters are:\n  auto (bool)\n"
    assert parse_transcript(text, {"f.dfy"}).trouble == ()


def test_what_follows_the_trailer_is_reported() -> None:
    said = "Dafny program verifier finished with"
    text = f"{said} 9 verified, 0 errors\nx\n{said} 0 verified, 1 error\n"
    assert "0 verified, 1 error" in parse_transcript(text, {"f.dfy"}).after_trailer


def test_errors_before_the_verifier_belong_to_the_front_end() -> None:
    parsed = parse_transcript("f.dfy(1,10): Error: closeparen expected\n1 parse errors detected in f.dfy\n", {"f.dfy"})
    resolved = parse_transcript("f.dfy(2,3): Error: unresolved identifier: y\n", {"f.dfy"})
    assert parsed.diagnostics[0].rule is Rule.PARSE and resolved.diagnostics[0].rule is Rule.RESOLVE
    assert not parsed.reached_verifier and not resolved.reached_verifier


def test_a_place_in_an_included_file_names_it() -> None:
    text = "/a/lib.dfy(3,4): Error: unresolved identifier: y\nf.dfy[M](1,2): Error: unresolved identifier: z\n"
    assert [d.place for d in parse_transcript(text, {"f.dfy"}).diagnostics] == [Place(3, 4, "/a/lib.dfy"), Place(1, 2)]


def test_a_message_over_several_lines_is_one_message() -> None:
    text = "f.dfy(2,9): Info: Selected triggers: {a}\n Rejected triggers:\n   {b}\nCoalescing blocks...\n"
    (info,) = parse_transcript(text, {"f.dfy"}).diagnostics
    assert info.message == "Selected triggers: {a}\nRejected triggers:\n{b}"


def test_snippets_of_dafny_4_are_not_part_of_the_message() -> None:
    text = (
        "f.dfy(2,9): Error: assertion might not hold\n  |\n2 |   assert false;\n  |   ^^^^^^\n\n"
        "Dafny program verifier finished with 0 verified, 1 error\n"
    )
    (error,) = parse_transcript(text, {"f.dfy"}).diagnostics
    assert (error.message, error.rule) == ("assertion might not hold", Rule.ASSERTION)


def test_file_names_are_compared_without_their_folder() -> None:
    assert same_file("/x/f.dfy", {"f.dfy"}) and not same_file("/x/g.dfy", {"f.dfy"})


_SHARDS = st.sampled_from(
    [
        *RUN.splitlines(keepends=True),
        "Verifying ",
        "(1,2): ",
        "Error",
        " [",
        "s, 99999999999999999999 proof",
        "]  verified\n",
    ]
)


@settings(max_examples=150)
@given(st.lists(st.one_of(_SHARDS, st.text(max_size=20)), max_size=25))
def test_no_output_whatever_raises(parts: list[str]) -> None:
    parse_transcript("".join(parts), {"f.dfy"})

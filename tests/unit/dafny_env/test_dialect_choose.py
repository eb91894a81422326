"""Choosing a dialect and verifying through a translation, against a scripted verifier."""

import asyncio
import re
from collections.abc import Callable

from dafny_env.dialect.context import Unsupported
from dafny_env.dialect.dialect import Choice, Invalid, Translated, Undecided, Untouched, choose
from dafny_env.dialect.translating import TranslatingVerifier
from dafny_env.driver.types import CheckRequest, CheckResult, Diagnostic, Outcome, Place, Rule, VerifierInfo

Answer = Callable[[CheckRequest], CheckResult]
FINE = CheckResult(Outcome.VERIFIED)


class Scripted:
    """A verifier whose answers are a function of the request."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.requests: list[CheckRequest] = []
        self.closed = False

    @property
    def info(self) -> VerifierInfo:
        return VerifierInfo("2.3.0", 2, "z3", ("dafny",))

    async def check(self, request: CheckRequest) -> CheckResult:
        self.requests.append(request)
        return self._answer(request)

    async def close(self) -> None:
        self.closed = True


def error(source: str, pattern: str, message: str, outcome: Outcome = Outcome.RESOLVE_ERROR) -> CheckResult:
    """A complaint at the first place where a pattern occurs."""
    found = re.search(pattern, source)
    assert found is not None
    line = source.count("\n", 0, found.start()) + 1
    column = found.start() - (source.rfind("\n", 0, found.start()) + 1)
    return CheckResult(outcome, (Diagnostic("error", Rule.RESOLVE, message, Place(line, column)),))


def no_ghost_functions(request: CheckRequest) -> CheckResult:
    """Like 2.3: no `ghost function`, and compiled functions must not call ghost ones."""
    if "ghost function" in request.source:
        return error(request.source, "ghost function", "Functions cannot be declared ghost")
    compiled = dict(re.findall(r"function method (\w+)\(\): int \{ (\w+)\(?\)? ?\}", request.source))
    ghost = set(re.findall(r"function (\w+)\(", request.source))
    for name, called in compiled.items():
        if called in ghost:
            return error(request.source, rf"(?<=function method {name}\(\): int {{ ){called}", "a ghost call")
    return FINE


def chosen(text: str, answer: Answer) -> Choice | Undecided:
    return asyncio.run(choose(text, None, Scripted(answer)))


def test_what_resolves_is_left_untouched() -> None:
    assert chosen("function f(): int { 1 }", lambda _: FINE) == Untouched()


def test_a_file_that_resolves_when_rewritten_is_translated() -> None:
    found = chosen("ghost function f(): int { 1 }", no_ghost_functions)
    assert found == Translated(frozenset(), True, frozenset({"f"}))


def test_functions_that_cannot_be_compiled_are_demoted_one_after_another() -> None:
    text = (
        "function h(): int { g() }\nfunction g(): int { f() }\nghost function f(): int { 1 }\nfunction k(): int { 1 }"
    )
    found = chosen(text, no_ghost_functions)
    assert isinstance(found, Translated)
    assert found.demoted == {"g", "h"}


def test_long_chains_end_with_all_functions_demoted() -> None:
    chain = "".join(f"function f{i}(): int {{ f{i + 1}() }}\n" for i in range(20))
    found = chosen(chain + "ghost function f20(): int { 1 }", no_ghost_functions)
    assert isinstance(found, Translated)
    assert len(found.demoted) == 20


def test_constructs_that_2_3_lacks_are_unsupported() -> None:
    found = chosen("\nmethod m() { var x :- f(); }", lambda r: error(r.source, ":-", "rbrace", Outcome.PARSE_ERROR))
    assert isinstance(found, Unsupported) and found.line == 2


def test_syntax_that_only_we_can_read_is_unsupported() -> None:
    answer: Answer = lambda r: error(r.source, "assert", "invalid AssertStmt", Outcome.PARSE_ERROR)  # noqa: E731
    found = chosen("lemma l() {\n assert x; }", answer)
    assert found == Unsupported("Dafny 2.3 cannot read line 2: invalid AssertStmt", 2, "syntax of a later version")


def test_messages_about_what_later_versions_accept_are_unsupported() -> None:
    message = "type of + must be a numeric type (instead got map<int, int>)"
    found = chosen("lemma l() { assert a + b == c; }", lambda r: error(r.source, r"\+", message))
    assert isinstance(found, Unsupported) and found.construct == "arithmetic on maps"


def test_errors_of_the_users_own_are_invalid_at_the_users_place() -> None:
    text = "datatype D = D { ghost function f(): int { y } }\n\nlemma l(d: D) ensures d.f() == 1 { }"

    def answer(request: CheckRequest) -> CheckResult:
        if "{ ghost" in request.source:
            return error(request.source, "{", "EOF expected", Outcome.PARSE_ERROR)
        return error(request.source, "(?<={ )y", "unresolved identifier: y")

    found = chosen(text, answer)
    assert isinstance(found, Invalid)
    assert found.result.errors[0].place == Place(1, text.index("y }"))


def test_a_file_that_looks_like_2_3_is_judged_as_it_is() -> None:
    found = chosen("function method f(): int { y }", lambda r: error(r.source, "y", "unresolved identifier: y"))
    assert isinstance(found, Invalid) and found.result.errors[0].place == Place(1, 27)


def test_errors_in_included_files_are_unsupported() -> None:
    foreign = Diagnostic("error", Rule.PARSE, "rbrace expected", Place(7, 0, "lib.dfy"))
    found = chosen('include "lib.dfy"', lambda _: CheckResult(Outcome.PARSE_ERROR, (foreign,)))
    assert isinstance(found, Unsupported) and "lib.dfy" in found.reason and "line 7" in found.reason


def test_a_crash_decides_nothing() -> None:
    crash = CheckResult(Outcome.CRASHED)
    assert chosen("lemma l() { }", lambda _: crash) == Undecided(crash)


# --------------------------------------------------------------------------------------------------------- translating

TEXT = "datatype D = D(x: int) { function f(): int { x } }\nlemma l(d: D)\n  ensures d.f() == d.x\n{\n}\n"
CHOICE = Translated(frozenset(), True, frozenset({"D.f"}))


def through(
    request: CheckRequest, answer: Answer, choice: Translated | Untouched = CHOICE
) -> tuple[CheckResult, Scripted]:
    inner = Scripted(answer)
    return asyncio.run(TranslatingVerifier(inner, choice).check(request)), inner


def test_names_and_places_are_those_of_the_users_file() -> None:
    def answer(request: CheckRequest) -> CheckResult:
        failing = error(request.source, "D'f\\(d\\)", "D'f is not enough", Outcome.FAILED).errors[0]
        at_d = Place(failing.place.line, failing.place.column + len("D'f("))
        first = Diagnostic("error", Rule.POSTCONDITION, failing.message, at_d, ((failing.place, "here"),), "D'f")
        return CheckResult(Outcome.FAILED, (first,), verified=("l", "Seq'"), failed=("D'f",), timed_out=("D'f",))

    request = CheckRequest(TEXT + "lemma s() { assert seq(1, i => i) == []; }\n", declarations=("D.f", "l"))
    result, inner = through(request, answer)
    assert inner.requests[0].declarations == ("D'f", "l")
    assert result.verified == ("l",) and result.failed == result.timed_out == ("D.f",)
    (diagnostic,) = result.diagnostics
    assert diagnostic.place == Place(3, 10) and diagnostic.declaration == "D.f"
    assert diagnostic.message == "D.f is not enough"
    assert diagnostic.related == ((Place(3, 12), "here"),)


def test_untouched_files_pass_through() -> None:
    request = CheckRequest("function f(): int { 1 }")
    result, inner = through(request, lambda _: FINE, Untouched())
    assert inner.requests == [request] and result is FINE


MISREAD = "datatype C = A | B datatype R = S(v: C)\nlemma l(r: R) { match r case S(A) => case _ => }\n"


def test_files_that_2_3_would_misread_in_silence_are_translated() -> None:
    assert chosen(MISREAD, lambda _: FINE) == Translated(frozenset(), False, frozenset())


def test_candidates_that_2_3_would_misread_are_translated() -> None:
    _, inner = through(CheckRequest(MISREAD), lambda _: FINE, Untouched())
    assert "r.v.A?" in inner.requests[0].source


def test_candidates_beyond_2_3_are_unknown() -> None:
    result, inner = through(CheckRequest(TEXT + "method m() { var x :- f(); }"), lambda _: FINE)
    assert result.outcome is Outcome.UNKNOWN and inner.requests == []
    assert result.errors[0].place.line == 6 and "`:-`" in result.errors[0].message


def test_new_functions_of_a_candidate_are_demoted_if_need_be() -> None:
    text = "ghost function g(): int { 1 }\nfunction h(): int { 1 }\n"
    choice = Translated(frozenset(), True, frozenset({"g", "h"}))
    result, inner = through(CheckRequest(text + "function new(): int { g() }\n"), no_ghost_functions, choice)
    assert result.outcome is Outcome.VERIFIED
    final = inner.requests[-1]
    assert not final.resolve_only and "function new()" in final.source and "function method h()" in final.source


def test_functions_of_the_original_are_not_demoted_anew() -> None:
    text = "ghost function g(): int { 1 }\nfunction h(): int { g() }\n"
    result, inner = through(
        CheckRequest(text), no_ghost_functions, Translated(frozenset(), True, frozenset({"g", "h"}))
    )
    assert result.outcome is Outcome.RESOLVE_ERROR and len(inner.requests) == 1
    assert result.errors[0].place == Place(2, 20)


def test_closing_closes_the_verifier_inside() -> None:
    inner = Scripted(lambda _: FINE)
    verifier = TranslatingVerifier(inner, CHOICE)
    asyncio.run(verifier.close())
    assert inner.closed and verifier.translated and verifier.info.major == 2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dafny_env.driver.rules import classify, classify_frontend
from dafny_env.driver.types import Rule


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("A postcondition might not hold on this return path.", Rule.POSTCONDITION),
        ("a postcondition could not be proved on this return path", Rule.POSTCONDITION),
        ("possible violation of postcondition of forall statement", Rule.POSTCONDITION),
        ("A precondition for this call might not hold.", Rule.PRECONDITION),
        ("a precondition for this call could not be proved", Rule.PRECONDITION),
        ("possible violation of function precondition", Rule.PRECONDITION),
        ("function precondition could not be proved", Rule.PRECONDITION),
        ("assertion violation", Rule.ASSERTION),
        ("assertion might not hold", Rule.ASSERTION),
        ("assertion could not be proved", Rule.ASSERTION),
        ("This loop invariant might not hold on entry.", Rule.INVARIANT_ENTRY),
        ("this loop invariant could not be proved on entry", Rule.INVARIANT_ENTRY),
        ("This loop invariant might not be maintained by the loop.", Rule.INVARIANT_MAINTAINED),
        ("this invariant could not be proved to be maintained by the loop", Rule.INVARIANT_MAINTAINED),
        ("cannot prove termination; try supplying a decreases clause for the loop", Rule.DECREASES),
        ("decreases expression might not decrease", Rule.DECREASES),
        ("failure to decrease termination measure", Rule.DECREASES),
        ("index out of range", Rule.INDEX),
        ("upper bound below lower bound or above length of array", Rule.INDEX),
        ("element may not be in domain", Rule.INDEX),
        ("element might not be in domain", Rule.INDEX),
        ("possible division by zero", Rule.DIVISION),
        ("value does not satisfy the subset constraints of 'nat'", Rule.SUBTYPE),
        ("result of operation might violate newtype constraint for 'byte'", Rule.SUBTYPE),
        ("assignment may update an array element not in the enclosing context's modifies clause", Rule.FRAME),
        ("assignment might update an array element not in the enclosing context's modifies clause", Rule.FRAME),
        ("insufficient reads clause to read field", Rule.FRAME),
        ("call may violate context's modifies clause", Rule.FRAME),
        ("missing case in case statement: Nil", Rule.MATCH),
        ("alternative cases fail to cover all possibilties", Rule.MATCH),
        ("the calculation step between the previous line and this line might not hold", Rule.CALC),
        ("the calculation step between the previous line and this line could not be proved", Rule.CALC),
        ("cannot establish the existence of LHS values that satisfy the such-that predicate", Rule.EXISTS),
        ("target object may be null", Rule.WELLFORMED),
        ("Verification of 'Impl$$_module.__default.H' timed out after 2 seconds", Rule.TIMEOUT),
        ("Timed out on: assertion violation", Rule.TIMEOUT),
        ("Verification out of resource (Impl$$_module.__default.H)", Rule.RESOURCE),
    ],
)
def test_both_dialects_wordings_name_their_rule(message: str, rule: Rule) -> None:
    assert classify(message) is rule


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("closeparen expected", Rule.PARSE),
        ("invalid NameSegment", Rule.PARSE),
        ("this symbol not expected in TraitDecl", Rule.PARSE),
        ("unresolved identifier: y", Rule.RESOLVE),
        ("RHS (of type bool) not assignable to LHS (of type int)", Rule.RESOLVE),
        ("Unable to open included file", Rule.RESOLVE),
    ],
)
def test_errors_before_verification_are_the_parsers_or_the_resolvers(message: str, rule: Rule) -> None:
    assert classify_frontend(message) is rule


@given(st.text())
def test_any_message_has_a_rule(message: str) -> None:
    classify(message)
    classify_frontend(message)

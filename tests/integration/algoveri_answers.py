"""Answers to some of AlgoVeri's tasks, written by hand: what stands in the regions, none of the benchmark's own text.

Each task has answers with what must become of them: `accepted` as they are, `provable` once the built-in policy has
searched for their proof, `rejected`."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Written(NamedTuple):
    """What an answer writes into regions."""

    expected: Literal["accepted", "provable", "rejected"]
    code: str
    proofs: str = "\n"
    helpers: str = "\n"


ANSWERS: dict[str, dict[str, Written]] = {
    "linear_search": {
        "right": Written(
            "accepted",
            """\
{
  result := 0;
  while result < |s| && s[result] < target
    invariant 0 <= result <= |s|
    invariant forall i :: 0 <= i < result ==> s[i] < target
  {
    result := result + 1;
  }
}
""",
        ),
        "plain": Written(
            "provable",
            """\
{
  result := 0;
  while result < |s| && s[result] < target
  {
    result := result + 1;
  }
}
""",
        ),
        "off by one": Written(
            "rejected",
            """\
{
  result := 0;
  while result < |s| && s[result] <= target
    invariant 0 <= result <= |s|
  {
    result := result + 1;
  }
}
""",
        ),
        "assume": Written("rejected", "{\n  result := 0;\n  assume {:axiom} false;\n}\n"),
    },
    "binary_search": {
        "right": Written(
            "accepted",
            """\
{
  var low, high := 0, |s|;
  while low < high
    invariant 0 <= low <= high <= |s|
    invariant forall i :: 0 <= i < low ==> s[i] < target
    invariant forall i :: high <= i < |s| ==> s[i] >= target
  {
    var middle := low + (high - low) / 2;
    if s[middle] < target {
      low := middle + 1;
    } else {
      high := middle;
    }
  }
  result := low;
}
""",
        ),
        "endless": Written(
            "rejected",
            """\
{
  var low, high := 0, |s|;
  while low < high
    invariant 0 <= low <= high <= |s|
    invariant forall i :: 0 <= i < low ==> s[i] < target
    invariant forall i :: high <= i < |s| ==> s[i] >= target
    decreases *
  {
    var middle := low + (high - low) / 2;
    if s[middle] < target {
      low := middle;
    } else {
      high := middle;
    }
  }
  result := low;
}
""",
        ),
    },
    "integer_exponential": {
        "right": Written(
            "accepted",
            """\
{
  res := 1;
  var k := 0;
  while k < e
    invariant 0 <= k <= e
    invariant res == spec_pow(b, k)
  {
    k := k + 1;
    res := b * res;
  }
}
""",
        ),
        "base instead of power": Written("rejected", "{\n  res := b * e;\n}\n"),
        "an axiom": Written(
            "rejected",
            "{\n  Anything(b, e);\n  res := 0;\n}\n",
            proofs="lemma {:axiom} Anything(b: nat, e: nat)\n  ensures spec_pow(b, e) == 0\n",
        ),
    },
    "trial_division_naive": {
        "right": Written(
            "accepted",
            """\
{
  if n < 2 {
    return false;
  }
  var k := 2;
  while k < n
    invariant 2 <= k <= n
    invariant forall d :: 1 < d < k ==> !divides(d, n)
  {
    if n % k == 0 {
      assert divides(k, n);
      return false;
    }
    k := k + 1;
  }
  res := true;
}
""",
        ),
        "one is prime": Written(
            "rejected",
            """\
{
  var k := 2;
  while k < n
    invariant forall d :: 1 < d < k ==> !divides(d, n)
  {
    if n % k == 0 {
      assert divides(k, n);
      return false;
    }
    k := k + 1;
  }
  res := true;
}
""",
        ),
        "predicate defined again": Written(
            "rejected", "{\n  res := true;\n}\n", helpers="predicate is_prime(n: int)\n{\n  true\n}\n"
        ),
    },
    "queue_enqueue": {
        "right": Written("accepted", "{\n  data := data + [value];\n}\n"),
        "at the front": Written("rejected", "{\n  data := [value] + data;\n}\n"),
        "expect": Written("rejected", "{\n  expect view() == old(view()) + [value];\n}\n"),
    },
    "stack_push": {
        "right": Written("accepted", "{\n  data := data + [value];\n}\n"),
        "nothing": Written("rejected", "{\n  var same := data;\n  data := same;\n}\n"),
        "without verification": Written(
            "rejected", "{\n  Anything();\n}\n", helpers="lemma {:verify false} Anything()\n  ensures false\n{\n}\n"
        ),
    },
    "stack_pop": {
        "right": Written("accepted", "{\n  val := data[|data| - 1];\n  data := data[..|data| - 1];\n}\n"),
        "the first": Written("rejected", "{\n  val := data[0];\n  data := data[1..];\n}\n"),
    },
    "bst_search": {
        "right": Written(
            "accepted",
            """\
decreases tree
{
  match tree
  case Empty =>
    res := false;
  case Node(val, left, right) =>
    if v == val {
      res := true;
    } else if v < val {
      res := search(left, v);
    } else {
      res := search(right, v);
    }
}
""",
        ),
        "the wrong way": Written(
            "rejected",
            """\
decreases tree
{
  match tree
  case Empty =>
    res := false;
  case Node(val, left, right) =>
    if v == val {
      res := true;
    } else if v > val {
      res := search(left, v);
    } else {
      res := search(right, v);
    }
}
""",
        ),
        "a stronger promise": Written("rejected", "ensures false\n{\n  res := false;\n}\n"),
    },
    "string_search_naive": {
        "right": Written(
            "accepted",
            """\
{
  indices := [];
  var i := 0;
  while i + |needle| <= |haystack|
    invariant 0 <= i
    invariant forall k :: 0 <= k < |indices| ==> 0 <= indices[k] < i && matches_at(haystack, needle, indices[k])
    invariant forall j ::
      0 <= j < i && matches_at(haystack, needle, j) ==> exists k :: 0 <= k < |indices| && indices[k] == j
  {
    var j := 0;
    while j < |needle| && haystack[i + j] == needle[j]
      invariant 0 <= j <= |needle|
      invariant forall k :: 0 <= k < j ==> haystack[i + k] == needle[k]
    {
      j := j + 1;
    }
    if j == |needle| {
      ghost var before := indices;
      indices := indices + [i];
      assert indices[|before|] == i;
      assert forall k :: 0 <= k < |before| ==> indices[k] == before[k];
    }
    i := i + 1;
  }
}
""",
        ),
        "finds nothing": Written("rejected", "{\n  indices := [];\n}\n"),
        "described": Written(
            "rejected",
            "{\n  indices :| forall i :: matches_at(haystack, needle, i) <==> i in indices;\n}\n",
        ),
    },
}

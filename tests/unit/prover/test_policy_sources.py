"""What of a specification candidates are made from, beyond its conjuncts."""

from policy_scenes import MAX, scene, texts

from prover.policy.symbolic import bounds, generalise, hints
from prover.policy.symbolic.sources import sources
from prover.policy.symbolic.view import View, printed

PRIME = """\
predicate Prime(n: nat) { n > 1 && forall d :: 1 < d < n ==> n % d != 0 }
method Test(n: nat) returns (prime: bool)
  ensures prime <==> Prime(n)
{
  if n < 2 { return false; }
  var i := 2;
  prime := true;
  while i < n
  {
    if n % i == 0 { prime := false; }
    i := i + 1;
  }
}
"""
TABLE = """\
method Table(n: nat) returns (table: map<int, int>, values: set<int>)
  ensures forall v :: v in values <==> exists k :: 0 <= k < n && table[k] == v
{
  table, values := map[], {};
  var i := 0;
  while i < n
  {
    table, values := table[i := i], values + {i};
    i := i + 1;
  }
}
"""
PAIRS = """\
method Pair(a: array<int>, t: int) returns (found: bool)
  ensures !found ==> forall p, q :: 0 <= p < q < a.Length ==> a[p] + a[q] != t
{
  var i, j := 0, a.Length;
  found := false;
  while i < j
  {
    i, j := i + 1, j - 1;
  }
}
"""
ROWS = """\
method Add(a: seq<seq<int>>) returns (sum: seq<seq<int>>)
  ensures forall i :: 0 <= i < |sum| ==> forall j :: 0 <= j < |sum[i]| ==> sum[i][j] == a[i][j] + 1
{
  sum := [];
  var x := 0;
  while x < |a|
  {
    var row: seq<int> := [];
    var y := 0;
    while y < |a[x]|
    {
      row := row + [a[x][y] + 1];
      y := y + 1;
    }
    sum := sum + [row];
    x := x + 1;
  }
}
"""


def told(view: View) -> list[str]:
    return [printed(expr) for expr in sources(view)]


def test_a_predicate_is_unfolded_in_its_place_and_an_equivalence_halved() -> None:
    found = told(scene(PRIME).view())
    assert "prime <==> n > 1 && forall d :: 1 < d < n ==> n % d != 0" in found
    assert "prime <==> forall d :: 1 < d < n ==> n % d != 0" in found
    assert "prime <==> forall d :: 1 < d < i ==> n % d != 0" in texts(generalise.generalisations(scene(PRIME).view()))


def test_both_sides_of_an_equivalence_are_worth_a_try_alone() -> None:
    found = told(scene(PRIME).view())
    assert {"prime", "Prime(n)", "prime ==> Prime(n)", "Prime(n) ==> prime"} <= set(found)


def test_a_fact_about_all_values_becomes_one_about_those_that_are_there() -> None:
    found = told(scene(TABLE).view())
    assert "forall v :: v in values ==> exists k :: 0 <= k < n && table[k] == v" in found
    assert "forall k :: 0 <= k && k < n ==> table[k] in values" in found


def test_what_exists_may_be_a_local_variable() -> None:
    text = MAX.replace("forall k :: 0 <= k < a.Length ==> a[k] <= m", "exists k :: 0 <= k < a.Length && a[k] == m")
    assert {"a[i] == m", "i < a.Length"} <= set(told(scene(text).view()))


def test_what_exists_in_the_end_was_not_found_so_far() -> None:
    text = MAX.replace(
        "forall k :: 0 <= k < a.Length ==> a[k] <= m", "m == 1 <==> exists k :: 0 <= k < a.Length && a[k] > 7"
    )
    assert "forall k :: 0 <= k && k < a.Length ==> !(a[k] > 7)" in told(scene(text).view())
    assert "forall k :: 0 <= k && k < i ==> !(a[k] > 7)" in texts(generalise.generalisations(scene(text).view()))


def test_a_local_sequence_may_be_the_row_that_is_being_made() -> None:
    inner = scene(ROWS).view(1)
    assert "forall j :: 0 <= j < |row| ==> row[j] == a[x][j] + 1" in told(inner)


def test_two_pointers_leave_pairs_behind() -> None:
    found = texts(generalise.generalisations(scene(PAIRS).view()))
    assert "forall p, q :: 0 <= p < q < a.Length && (p < i || j <= q) ==> a[p] + a[q] != t" in found


def test_the_end_that_a_guard_names_becomes_the_variable() -> None:
    halves = MAX.replace("a.Length ==>", "a.Length / 2 ==>").replace("i < a.Length", "i < a.Length / 2")
    assert "forall k :: 0 <= k < i ==> a[k] <= m" in texts(generalise.generalisations(scene(halves).view()))


def test_flags_are_facts_themselves() -> None:
    assert {"found", "!found"} <= set(
        texts(bounds.bounds(scene(PAIRS.replace("i, j := i + 1", "found := i > 9;\n i, j := i + 1")).view()))
    )


def test_results_that_nothing_was_assigned_to_have_no_value() -> None:
    assert scene(PAIRS.replace("found := false;", "")).view().unset == {"found"}
    assert scene(PAIRS).view().unset == frozenset()
    assert scene(TABLE).view().unset == frozenset()


def test_a_map_keeps_what_it_held_during_one_turn() -> None:
    ((before, after),) = hints.kept(scene(TABLE).view())
    assert before == "ghost var table' := table;"
    assert after == "assert forall k' :: k' in table' ==> k' in table && table[k'] == table'[k'];"

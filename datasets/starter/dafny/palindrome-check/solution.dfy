method IsPalindrome(s: seq<int>) returns (yes: bool)
  ensures yes <==> forall k :: 0 <= k < |s| ==> s[k] == s[|s| - 1 - k]
{
  var i := 0;
  var j := |s| - 1;
  while i < j
    invariant 0 <= i <= |s|
    invariant i + j == |s| - 1
    invariant i <= j + 1
    invariant forall k :: 0 <= k < i ==> s[k] == s[|s| - 1 - k]
  {
    if s[i] != s[j] {
      return false;
    }
    i := i + 1;
    j := j - 1;
  }
  forall k | 0 <= k < |s|
    ensures s[k] == s[|s| - 1 - k]
  {
    if k > j {
      var k' := |s| - 1 - k;
      assert 0 <= k' < |s| && |s| - 1 - k' == k;
      if k' < i {
        assert s[k'] == s[|s| - 1 - k'];
      }
    }
  }
  return true;
}

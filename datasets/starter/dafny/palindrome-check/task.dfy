method IsPalindrome(s: seq<int>) returns (yes: bool)
  ensures yes <==> forall k :: 0 <= k < |s| ==> s[k] == s[|s| - 1 - k]
{
  var i := 0;
  var j := |s| - 1;
  while i < j
  {
    if s[i] != s[j] {
      return false;
    }
    i := i + 1;
    j := j - 1;
  }
  return true;
}

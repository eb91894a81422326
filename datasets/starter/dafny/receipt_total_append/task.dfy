// A receipt is a sequence of prices, refunds being negative.

function Total(prices: seq<int>): int
{
  if |prices| == 0 then 0 else prices[0] + Total(prices[1..])
}

lemma TotalOfTwoReceipts(a: seq<int>, b: seq<int>)
  ensures Total(a + b) == Total(a) + Total(b)
{
}

lemma TotalAfterRefund(a: seq<int>, price: int)
  ensures Total(a + [price] + [-price]) == Total(a)
{
}

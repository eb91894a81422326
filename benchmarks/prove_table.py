"""The table at the end of a sweep: every figure with what it is a part of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Record = dict[str, object]


def part(count: int, whole: int) -> str:
    return f"{count} of {whole}" + (f" ({100 * count / whole:.1f}%)" if whole else "")


def proved(record: Record) -> bool:
    return record["status"] == "proved" and not record["untouched"]


def table(records: Sequence[Record], truth: dict[str, Record] | None = None) -> str:
    lines = _group("all", records)
    groups = {str(r.get("group") or "") for r in records} - {""}
    for group in sorted(groups, reverse=True):
        lines += ["", *_group(group, [r for r in records if r.get("group") == group])]
    if truth is not None:
        lines += ["", *_against_truth(records, truth)]
    reasons = [
        f"  {r['id']}  {r['status']}: {r['reason']}" for r in records if r["status"] not in ("proved", "unknown")
    ]
    if reasons:
        lines += ["", "neither proved nor open:", *reasons]
    return "\n".join(lines)


def _group(name: str, records: Sequence[Record]) -> list[str]:
    whole = len(records)
    untouched = sum(bool(r["untouched"]) for r in records)
    lines = [f"{name}: {whole} tasks"]
    lines.append(f"  {'verified untouched':<20}{part(untouched, whole)}")
    lines.append(f"  {'proved':<20}{part(sum(map(proved, records)), whole)}")
    for status in ("unknown", "refuted", "unsupported", "invalid", "error"):
        count = sum(r["status"] == status for r in records)
        if count or status in ("unknown", "unsupported", "invalid"):
            lines.append(f"  {status:<20}{part(count, whole)}")
    solved = sorted(float(str(r["seconds"])) for r in records if proved(r))
    if solved:
        checks = sorted(int(str(r["checks"])) for r in records if proved(r))
        middle = len(solved) // 2
        lines.append(
            f"  {'a proof took':<20}median {solved[middle]:.1f} s, {checks[middle]} checks; longest {solved[-1]:.1f} s"
        )
    looked = [r for r in records if "confirmed" in r]
    if looked:
        good = sum(bool(r["confirmed"]) for r in looked)
        bad = ", ".join(str(r["id"]) for r in looked if not r["confirmed"])
        lines.append(
            f"  {'confirmed cold':<20}{part(good, sum(r['status'] == 'proved' for r in records))}"
            + (f"; NOT confirmed: {bad}" if bad else "")
        )
    return lines


def _against_truth(records: Iterable[Record], truth: dict[str, Record]) -> list[str]:
    known = [r for r in records if str(r["id"]) in truth]
    verifies = [r for r in known if truth[str(r["id"])]["truth"] == "verified"]
    untouched = [r for r in verifies if truth[str(r["id"])]["untouched"] == "verified"]
    to_do = [r for r in verifies if truth[str(r["id"])]["untouched"] != "verified"]
    broken = [r for r in to_do if str(truth[str(r["id"])]["untouched"]).endswith("error")]
    sound = [r for r in to_do if r not in broken]
    lines = [
        f"against the reference verdicts ({len(known)} tasks):",
        f"  {'reference verifies':<40}{part(len(verifies), len(known))}",
        f"  {'of these, task verifies untouched':<40}{part(len(untouched), len(verifies))}",
        f"  {'of the others, proved':<40}{part(sum(map(proved, to_do)), len(to_do))}",
        f"  {'(of the others, broken in their text)':<40}{part(len(broken), len(to_do))}",
        f"  {'(of those not broken, proved)':<40}{part(sum(map(proved, sound)), len(sound))}",
    ]
    beyond = [str(r["id"]) for r in known if proved(r) and r not in to_do]
    if beyond:
        lines.append(f"  proved although the reference does not verify: {', '.join(beyond)}")
    return lines

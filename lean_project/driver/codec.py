"""Results of checks as JSON text, for the cache and the journal."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter, ValidationError

from lean_project.driver.types import LeanResult


def encode_result(result: LeanResult) -> str:
    """One JSON object; the raw output is left out."""
    return _adapter().dump_json(result, exclude={"output"}).decode()


def decode_result(text: str) -> LeanResult | None:
    """The inverse of `encode_result`; None for anything else."""
    try:
        return _adapter().validate_json(text)
    except ValidationError:
        return None


@cache
def _adapter() -> TypeAdapter[LeanResult]:
    return TypeAdapter(LeanResult)

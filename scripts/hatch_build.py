"""Ships `datasets/` inside the wheel as data of `prover`; an editable install reads them from the checkout instead."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundledDatasets(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's hook. A plain `force-include` would also copy the files on every editable install, where they go
    stale."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folder to a real wheel (`version` is `standard` or `editable`)."""
        if version == "standard":
            build_data["force_include"]["datasets"] = "prover/_datasets"

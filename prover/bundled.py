"""Where the bundled data lives: in a checkout, or inside an installed wheel."""

from __future__ import annotations

from pathlib import Path


def datasets_folder() -> Path:
    """The folder that holds `starter/...`: `datasets/` of the checkout, or `prover/_datasets` of an installed wheel.

    Raises FileNotFoundError when neither is there (a damaged installation).
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_datasets", package.parent / "datasets"):
        if (folder / "starter").is_dir():
            return folder
    raise FileNotFoundError(f"the bundled datasets are missing from {package}; reinstall lemmatree")

"""The agent: tasks, policies, the gate, the command line.

`prover.reward(source, goal, texts)` scores proposed texts for training; see `prover.rewarding`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prover.rewarding import Reward, RewardError, reward, rewards

__all__ = ["Reward", "RewardError", "reward", "rewards"]


def __getattr__(name: str) -> Any:
    # Imported at first use: the command line starts without it.
    if name in __all__:
        from prover import rewarding

        return getattr(rewarding, name)
    raise AttributeError(f"module 'prover' has no attribute {name!r}")

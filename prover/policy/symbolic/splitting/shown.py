"""Declarations without loops: what fails in them, shown by lemmas of its own, or taken for granted where it fails."""

from __future__ import annotations

from collections.abc import Generator

from dafny_env.index import Located
from prover.policy.symbolic.houdini import houdini
from prover.policy.symbolic.setting import Setting
from prover.policy.symbolic.splitting.attempts import Told, attempts
from prover.policy.symbolic.splitting.duties import failed
from prover.policy.symbolic.splitting.plans import claims_for
from prover.policy.symbolic.splitting.trials import Trials
from search.ports import PolicyContext, Step, Verdict


def shown(setting: Setting, located: Located, context: PolicyContext) -> Generator[Step, Verdict, object]:
    """Steps for everything that fails when nothing is inserted."""
    reached = yield from houdini(setting.goal, [], "probe", rounds=1)
    if reached.closed or reached.refused:
        return None
    duties = failed(setting, located.decl, reached.open)
    trials = Trials(setting)
    told = Told((), tuple(duties), tuple(claims_for(d, trials, setting) for d in duties))
    return (yield from attempts(setting, context, told))

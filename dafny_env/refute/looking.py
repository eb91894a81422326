"""Looking for evidence against a goal within bounds: inputs are drawn until one shows it, or the effort is spent."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dafny_env.index import callables
from dafny_env.interp.inputs import Senseless
from dafny_env.interp.machine import Frame, Machine, deep_recursion
from dafny_env.interp.outcome import Failure, OutOfFuel, Unsupported
from dafny_env.interp.symbols import CallableInfo
from dafny_env.interp.world import World
from dafny_env.refute.running import Evidence, Subject
from dafny_env.refute.showing import shown_inputs
from dafny_env.steps import DafnyGoal, GoalKind
from dafny_env.syntax import ast

PATIENCE = 60.0
"""Seconds behind which looking ends whatever its effort, where nothing else is asked for."""
_REPEATS, _STALE = 4, 200
_HOPELESS = 60
_SMALLER = 150
"""How many further inputs are tried for a smaller one once one is found."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """effort: counted steps in all. attempts: inputs drawn at most. run: steps for one run; longer ones are broken off,
    and show nothing."""

    effort: int
    attempts: int = 4000
    run: int = 20_000


ROOT = Bounds(500_000)
SUBGOAL = Bounds(100_000, 1000)
MODELS = Bounds(400_000, run=200_000)
"""For the verifier's models, whose numbers may be large."""


class Clock:
    """The wall-clock end of some looking, which may come earlier than planned; usable from any thread."""

    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._machines: list[Machine] = []

    def watch(self, machine: Machine) -> None:
        """Let the machine stop when this clock does."""
        with self._lock:
            machine.deadline = self.deadline
            self._machines.append(machine)

    def stop(self) -> None:
        """It is over now."""
        with self._lock:
            self.deadline = 0.0
            for machine in self._machines:
                machine.deadline = 0.0

    @property
    def left(self) -> float:
        """Seconds until then."""
        return max(0.0, self.deadline - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether it has come."""
        return self.left <= 0


class Looking:
    """Looks at one goal. trusted: declarations whose contracts hold for certain, by qualified name."""

    def __init__(
        self,
        goal: DafnyGoal,
        program: ast.Program,
        included: Sequence[ast.Program],
        trusted: dict[str, ast.Callable],
        clock: Clock,
        seed: int = 0,
    ) -> None:
        self.machine = Machine(World(program, included), seed=seed)
        clock.watch(self.machine)
        index = callables(program)
        located = index.get(goal.declaration)
        info = None if located is None else self.machine.world.symbols.info(located.decl)
        names = {id(each.decl): name for name, each in index.items()}

        def trusts(called: CallableInfo) -> bool:
            name = names.get(id(called.decl))
            return name is not None and trusted.get(name) == called.decl

        self.subject: Subject | None = None
        if info is not None:
            fact = goal.site.start if goal.kind is GoalKind.FACT else None
            with_body = goal.kind is not GoalKind.LEMMA
            self.subject = Subject(self.machine, info, trusts, fact=fact, statement_only=not with_body)
            if self.subject.hopeless is not None:
                self.subject = None

    def draw(self, bounds: Bounds) -> Evidence | None:
        """The smallest evidence that comes up among inputs drawn at random."""
        if self.subject is None:
            return None
        drawing = self.subject.inputs
        return self.given((drawing.draw for _ in range(bounds.attempts)), bounds)

    def given(self, inputs: Iterable[Callable[[], Frame | None]], bounds: Bounds) -> Evidence | None:
        """The same for inputs that are prepared."""
        m, subject, steps = self.machine, self.subject, bounds.run
        if subject is None:
            return None
        m.limit = m.spent + bounds.effort
        best: tuple[tuple[int, str], Evidence] | None = None
        seen: Counter[str] = Counter()
        stale = hopeless = left = 0
        try:
            with deep_recursion():
                for make in inputs:
                    if self._at_bound() or stale >= _STALE or (best is not None and left <= 0):
                        break
                    left -= 1
                    m.refuel(steps)
                    try:
                        frame = make()
                    except Senseless as senseless:
                        return subject.senseless(senseless.clause, senseless.frame, senseless.fault)
                    except (Failure, RecursionError) as failure:
                        hopeless += isinstance(failure, Unsupported | RecursionError)
                        if hopeless >= _HOPELESS and not seen:
                            break
                        continue
                    if frame is None:
                        continue
                    text = shown_inputs(frame, subject.inputs.code.scope)
                    stale = stale + 1 if seen[text] >= _REPEATS else 0
                    seen[text] += 1
                    size = (len(text), text)
                    if stale or (best is not None and size >= best[0]):
                        continue
                    m.refuel(steps)
                    found = subject.at(frame)
                    if found is not None:
                        left = _SMALLER if best is None else left
                        best = (size, found)
        except OutOfFuel:
            pass
        finally:
            m.limit = None
        return None if best is None else best[1]

    def _at_bound(self) -> bool:
        m = self.machine
        if m.limit is not None and m.spent >= m.limit:
            return True
        return m.deadline is not None and time.monotonic() > m.deadline

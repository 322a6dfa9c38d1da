"""A small reference of what commands and ends of attempts do to one workflow, written down from the tables of the design alone.

The workflow: `a` waits for a person when it fails, `b` must not be done twice, `q` asks, `c` comes after all three and is tried
twice, `f` stands in the run's `finally`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

BODY = """
step a = do(x: 1) { on_error: pause, retry: 0 }
step b = once(x: 2)
step q = ask(prompt: "really?", form: Answer)
step c = do(x: a) { retry: { attempts: 2, delay: 10s } } after b, q
output y: int = c
finally { step f = do(x: 3) { retry: 0 } }
"""
MORE = "record Answer { n: int }\n"

STEPS = ("a", "b", "q", "c")
LAST = "finally/f"
WAITS = {"pending", "queued", "asking", "delayed"}
UNDECIDED = {"held", "lost"}
DONE = {"completed", "skipped"}
SETTLED = {*DONE, "failed"}
FINAL = {"completed", "failed", "cancelled"}

OF_STEP = {
    "retry-node": {"held", "lost", "delayed"},
    "skip-node": {"held", "lost", "delayed", "asking"},
    "fail-node": {"held", "lost", "delayed", "asking"},
    "provide-input": {"asking"},
}
BECOMES = {"retry-node": "queued", "skip-node": "skipped", "fail-node": "failed", "provide-input": "completed"}

COMMANDS = {
    #          pending        running    ending    paused     undecided         waiting        final
    "start": ("ok", "started", "started", "started", "started", "started", "final"),
    "pause": ("not_started", "ok", "ending", "ok", "ok", "ok", "final"),
    "resume": ("not_started", "ok", "ending", "ok", "needs_decision", "needs_input", "final"),
    "cancel": ("ok", "ok", "ok", "ok", "ok", "ok", "final"),
    **dict.fromkeys(OF_STEP, ("not_started", "ok", "ending", "ok", "ok", "ok", "final")),
}
SITUATIONS = ("pending", "running", "ending", "paused", "undecided", "waiting", "final")
BY_LABEL = {"running": "running", "paused": "undecided", "waiting_for_input": "waiting", "pending": "pending"}


@dataclass
class Model:
    phases: dict[str, str] = field(default_factory=lambda: dict.fromkeys((*STEPS, LAST), "pending"))
    final: str | None = None
    started: bool = False
    driven: bool = False
    held: bool = False
    ending: str | None = None
    stopped: bool = False
    forced: bool = False
    failures: int = 0

    @property
    def label(self) -> str:
        phases = set(self.phases.values())
        if self.final or not self.started:
            return self.final or "pending"
        if self.ending or self.held:
            return "running" if self.ending else "paused"
        if phases & {"queued", "running", "delayed"}:
            return "running"
        if phases & UNDECIDED:
            return "paused"
        return "waiting_for_input" if "asking" in phases else "running"

    @property
    def situation(self) -> str:
        if self.final or self.ending:
            return "final" if self.final else "ending"
        return "paused" if self.held else BY_LABEL[self.label]

    # what happens

    def drive(self) -> None:
        """The next engine finds what was in flight; a user's hold is over with it."""
        self.driven = self.started = True
        self.held = False
        for step in self.those("running"):
            drained = self.drains and (step != LAST or self.forced)
            self.phases[step] = "failed" if drained else "lost" if step == "b" else "queued"
        self.go_on()

    def kill(self) -> None:
        self.driven = False

    def ended(self, step: str, how: str) -> None:
        self.phases[step] = "completed" if how == "ok" else self._after(step, how)
        self.go_on()

    def _after(self, step: str, how: str) -> str:
        if self.drains and (step != LAST or self.forced):
            return "failed"
        if step == "a" or (step == "b" and how == "crashed"):
            return "held" if step == "a" else "lost"
        self.failures += step == "c"
        return "delayed" if step == "c" and self.failures == 1 else "failed"

    def later(self) -> None:
        """Long enough for a delay to be over."""
        if self.driven and not self.held:
            for step in self.those("delayed"):
                self.phases[step] = "queued"
        self.go_on()

    def said(self, kind: str, step: str | None = None, *, fits: bool = True, force: bool = False) -> str:
        """The verdict: `ok`, or why not."""
        verdict = COMMANDS[kind][SITUATIONS.index(self.situation)]
        if self.final:
            return "ok" if kind == "cancel" and self.final == "cancelled" else "final"
        if verdict != "ok":
            return verdict
        if step is not None:
            verdict = self._said_of(kind, step, fits=fits)
        else:
            getattr(self, f"_{kind}")(force)
        self.go_on()
        return verdict

    def _said_of(self, kind: str, step: str, *, fits: bool) -> str:
        phase, answers = self.phases[step], kind == "provide-input"
        if step == LAST and phase == "pending":
            return "unknown_node"  # what has not been opened has no steps
        if phase not in OF_STEP[kind]:
            settled = phase in SETTLED
            return ("superseded" if settled else "not_waiting") if answers else "settled" if settled else "not_failed"
        if not fits:
            return "invalid"
        self.phases[step] = BECOMES[kind]
        self.failures = 0 if kind == "retry-node" and step == "c" else self.failures
        return "ok"

    def _start(self, force: bool) -> None:
        self.started = True

    def _pause(self, force: bool) -> None:
        self.held = True

    def _resume(self, force: bool) -> None:
        self.held = False

    def _cancel(self, force: bool) -> None:
        self.started, self.held, self.stopped, self.forced = True, False, True, self.forced or force
        self.ending = "failed" if self.ending == "failed" else "cancelled"

    # what follows

    @property
    def drains(self) -> bool:
        return self.ending in ("failed", "cancelled")

    def those(self, phase: str) -> list[str]:
        return [step for step, each in self.phases.items() if each == phase]

    def go_on(self) -> None:
        if self.final or not self.started:
            return
        if self.phases[LAST] == "pending" and "failed" in [self.phases[step] for step in STEPS]:
            self.ending = self.ending or "failed"
        if self.drains:
            self._drain()
        if not self.ending:
            self._make_ready()
        if self.driven and not self.held:
            self._begin()

    def _drain(self) -> None:
        """Whatever runs is stopped where a person wants it to end; `f` goes on, but for force."""
        for step in STEPS:
            phase = self.phases[step]
            self.phases[step] = "skipped" if phase in WAITS else "failed" if phase in UNDECIDED else phase
        if self.stopped and self.driven:
            for step in self.those("running"):
                if step != LAST or self.forced:
                    self.phases[step] = "failed"
        if self.forced and self.phases[LAST] in WAITS:
            self.phases[LAST] = "skipped"

    def _make_ready(self) -> None:
        for step in STEPS:
            ready = step != "c" or all(self.phases[each] in DONE for each in ("a", "b", "q"))
            if ready and self.phases[step] == "pending":
                self.phases[step] = "queued"

    def _begin(self) -> None:
        for step in self.those("queued"):
            self.phases[step] = "asking" if step == "q" else "running"
        if not all(self.phases[step] in SETTLED for step in STEPS):
            return
        if self.phases[LAST] == "pending":
            self.ending, self.phases[LAST] = self.ending or "completed", "running"
        if self.phases[LAST] in SETTLED:
            failed = self.ending == "completed" and self.phases[LAST] == "failed"
            self.final, self.driven = "failed" if failed else self.ending, False

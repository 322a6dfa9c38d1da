"""Names that an expression may use at run time without a port: facts of the run, which are recorded when it begins."""

from __future__ import annotations

from symphony_dsl.base.types import INT, STRING, TIMESTAMP, Field, RecordType

RUN = "run"

RUN_FACTS = RecordType((Field("id", STRING), Field("started", TIMESTAMP), Field("attempt", INT)), RUN)
"""`attempt` is that of the node in which the expression stands."""

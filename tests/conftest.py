"""How many examples the property tests try: few and always the same ones, or many, chosen anew each time."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

settings.register_profile(
    "ci", derandomize=True, max_examples=25, deadline=None, database=None, suppress_health_check=SLOW
)
settings.register_profile("full", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("SYMPHONY_PROFILE", "ci"))

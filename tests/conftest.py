"""How much the tests try: few examples and always the same ones, or (`SYMPHONY_PROFILE=full`) many, chosen anew.

`SYMPHONY_PROFILE=mutation` tries the few, and does not look for a smaller example where one fails: nobody reads it.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

PROFILE = os.environ.get("SYMPHONY_PROFILE", "ci")
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

settings.register_profile(
    "ci", derandomize=True, max_examples=25, deadline=None, database=None, suppress_health_check=SLOW
)
settings.register_profile(
    "mutation", settings.get_profile("ci"), phases=[Phase.explicit, Phase.generate], report_multiple_bugs=False
)
settings.register_profile("full", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=SLOW)
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the large counts unless they are asked for: by the profile, or by `-m full`."""
    if PROFILE == "full" or config.option.markexpr:
        return
    large = [item for item in items if item.get_closest_marker("full")]
    if large:
        config.hook.pytest_deselected(items=large)
        items[:] = [item for item in items if not item.get_closest_marker("full")]

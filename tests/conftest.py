"""Fixtures and settings for all tests."""

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]
pytest.register_assert_rewrite("provinces")

# How long an example takes says something of the machine, not of the library. Where a change is to land, the examples
# are the same each time; elsewhere new ones are drawn.
settings.register_profile(
    "library",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("library")

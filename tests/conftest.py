"""Fixtures and settings for all tests."""

from hypothesis import settings

pytest_plugins = ["pytester"]

# How long an example takes says something of the machine, not of the library.
settings.register_profile("library", deadline=None)
settings.load_profile("library")

"""How fast judging is, as ratios measured in one run: ``python -m benchmarks``."""

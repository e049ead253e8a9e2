"""Packs with mistakes, one folder a kind; ``expected.txt`` says what must be reported."""

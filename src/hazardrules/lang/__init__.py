"""The expression language: parsing, meaning, explanation."""

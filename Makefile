PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test cases lint wheel scaffold clean

# Each environment is made once; a change of pyproject.toml installs anew.
$(VENV)/.demo: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -e '.[cli]'
	touch $@

$(VENV)/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -e '.[dev]'
	touch $@ $(VENV)/.demo

demo: $(VENV)/.demo
	$(BIN)/hazardrules classify examples/dust-workshop.yaml

test: $(VENV)/.dev
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -q -n auto
	$(BIN)/python -m coverage combine -q
	$(BIN)/python -m coverage report

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hazardrules check rules/*
	$(BIN)/hazardrules test rules/*

cases: $(VENV)/.dev
	$(BIN)/python tests/score_cases.py

wheel: $(VENV)/.dev
	PYTHON=$(BIN)/python sh .ci/wheel

scaffold: $(VENV)/.dev
	PYTHON=$(BIN)/python sh .ci/scaffold

clean:
	rm -rf $(VENV) dist build .coverage .coverage.*

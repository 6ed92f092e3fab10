# Two commands: `make report` sets everything up and ends with the reports; `make test` sets up and passes the tests.
PYTHON ?= python3
BIN := .venv/bin
# The stages of dvc.yaml call `python`; it is the one of .venv.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export HF_HUB_OFFLINE := 1
export TRANSFORMERS_OFFLINE := 1
export DVC_NO_ANALYTICS := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: report test lint setup setup-test system-packages real-check evaluate clean

report: setup
	$(BIN)/dvc repro
	@echo; $(BIN)/strategy-miner report --list

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# The tests need the models and, for some, system packages; a test that cannot run says so.
setup-test: setup system-packages
	$(BIN)/dvc repro --quiet encoder

system-packages:
	@sh .ci/system-packages

test: setup-test
	$(BIN)/python -m pytest -n 2 --dist loadfile -rs

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The whole chain on the real PDFs beside the project, in a copy under build/real-check.
real-check: setup
	$(BIN)/python -m tests.real_check ../shared/real

# The figures of docs/quality.md.
evaluate: setup
	$(BIN)/python -m pipeline.evaluate_reading ../shared/real --no-ocr
	$(BIN)/python -m pipeline.evaluate_ocr ../shared/real
	$(BIN)/python -m pipeline.evaluate_demo build/demo --stored
	$(BIN)/python -m pipeline.evaluate_speed ../shared/real
	$(BIN)/python -m pipeline.evaluate_rules ../shared/real
	$(BIN)/python -m pipeline.evaluate_language ../shared/real
	$(BIN)/python -m pipeline.evaluate_coding ../shared/real

clean:
	rm -rf build

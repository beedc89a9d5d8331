# Two commands on a fresh machine: `make demo` and `make test`. Each sets up what it needs in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint check docs clean

demo: $(READY)
	@for name in accept-scans review-blurred-code reject-other-company; do \
	  echo; $(BIN)/heyan check samples/submissions/$$name --as-of 2026-11-22 --out demo-reports/$$name; \
	  status=$$?; case $$status in 0|1|3) ;; *) exit $$status;; esac; \
	done; \
	echo; echo "Reports: demo-reports/*/report.html"

test: $(VENV)/.ready-dev lint
	$(BIN)/python -m pytest

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The pages of docs/ that are generated from code.
docs: $(VENV)/.ready-dev
	$(BIN)/python -m apps.reference docs

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Heyan needs Python 3.11 or later as python3 (or: make PYTHON=python3.12)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@# Three packages bring OpenCV and overwrite each other: the one with every module has to lie on top.
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --force-reinstall --no-deps opencv-contrib-python
	@$(BIN)/python -c 'import cv2' || \
	  { echo "OpenCV needs two system libraries: apt-get install libgl1 libglib2.0-0" >&2; exit 1; }
	@touch $@

$(VENV)/.ready-dev: $(READY)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) demo-reports build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

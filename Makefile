# unioncat: `make demo` shows it, `make test` proves it, `make help` lists the rest.

VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/installed

.DEFAULT_GOAL := help
.PHONY: help install demo serve test check format bench quality tune lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST)

install: $(STAMP)  ## make .venv with .venv/bin/unioncat

$(STAMP): requirements.lock pyproject.toml deploy/make-venv
	@bash deploy/make-venv $(VENV)
	@echo 'installing the libraries of requirements.lock into $(VENV) (about a minute)'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install  ## sample libraries are harvested, matched, merged, indexed and served until Ctrl-C; ENGINE=elasticsearch: on a real node
	@$(if $(filter elasticsearch,$(ENGINE)),$(PYTHON) deploy/elasticsearch/elastic_node.py) $(VENV)/bin/unioncat demo

serve: install  ## the same without samples
	@$(VENV)/bin/unioncat serve

test: install  ## run the whole suite
	@$(PYTHON) -m pytest -q -n 2 --dist worksteal

check: install  ## format, lint, types, imports
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

format: install  ## write the format
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

bench: install  ## run the benchmarks; figures go into deploy/benchmarks.md
	@for program in tests/performance/bench_*.py; do echo "== $$program"; $(PYTHON) $$program || exit 1; done

quality: install  ## measure the matcher on labelled records and write deploy/quality.md
	@$(PYTHON) tests/quality/measure.py

tune: install  ## print the points of the matcher beside what labelled records say about them
	@$(PYTHON) tests/quality/tune.py

lock: install  ## write requirements.lock anew from pyproject.toml
	@$(VENV)/bin/uv pip compile --quiet pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --output-file requirements.lock

clean:  ## remove .venv and what tools left behind
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist

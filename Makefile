# make demo   the sample round, served      make test   everything CI runs
# make lint   style, types, arrows, names   make lock   new lock files after a change of pyproject.toml
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
DEMO := demo-data

.PHONY: demo test lint system lock translations clean
.DELETE_ON_ERROR:

# Debian ships venv without ensurepip: pip then installs from outside.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m venv --clear --without-pip $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/test.stamp: requirements-test.lock $(VENV)/run.stamp
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	touch $@

demo: $(VENV)/run.stamp
	$(BIN)/rostrum demo --data $(DEMO)

# Chromium, Chinese fonts, LibreOffice, PostgreSQL: through apt as root on Debian, else it says what to install.
system:
	bash .ci/system

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

test: $(VENV)/test.stamp system
	$(BIN)/python -m pytest -n 2 $(ARGS)

lock:
	uv pip compile -q pyproject.toml --extra postgres --extra build --generate-hashes --universal --no-header --no-annotate -o requirements.lock
	uv pip compile -q pyproject.toml --extra postgres --extra build --extra test --generate-hashes --universal --no-header --no-annotate -c requirements.lock -o requirements-test.lock

clean:
	rm -rf $(VENV) $(DEMO) build dist

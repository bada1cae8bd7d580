# make demo   the sample round, served at an address it prints
# make test   everything CI runs          make lint   style, types, arrows
# make soak   generated cases: five hundred through both checkers, two hundred through LibreOffice, a thousand rosters out and in;
#             SOAK=40 takes fewer
# make load   promise 24 in both forms, twenty minutes, into docs/load.md; ARGS="laptop --seconds 60" takes less;
#             .venv/bin/python -m tests.load ratio: only submissions beside bare inserts, on both databases, printed
# make mutants  does a test notice each small change of scoring/? (20 minutes)
# make words  the English catalogue        make pictures  the README's and the guides' pictures
# make bundle  dist/rostrum-bundle: installs on Windows and Linux without the internet      make wheel  dist/*.whl, the same bytes each time
# make sbom  dist/sbom.json (CycloneDX)     make licences  docs/licences.md
# make lock   new lock files after a change of pyproject.toml
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3

.PHONY: demo test soak load wheel bundle sbom licences lint mutants system words pictures lock clean
.DELETE_ON_ERROR:

# Debian ships venv without ensurepip: pip then installs from outside.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m venv --clear --without-pip $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/test.stamp: requirements-test.lock $(VENV)/run.stamp
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-test.lock
	touch $@

# A whole sample round in demo-data, then the web. ARGS=--no-serve leaves the workbooks and ends.
demo: $(VENV)/run.stamp
	$(BIN)/rostrum demo --data demo-data $(ARGS)

# Chromium, Chinese fonts, LibreOffice, PostgreSQL: through apt as root on Debian, else it says what to install.
system:
	bash .ci/system

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

test: $(VENV)/test.stamp system lint
	$(BIN)/python -m pytest -n 2 --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --fail-under=95

# Every small change of a rule in scoring/ should make a test fail. Survivors: .venv/bin/mutmut results
mutants: requirements-mutation.lock $(VENV)/test.stamp
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-mutation.lock
	nice -n 19 $(BIN)/mutmut run $(ARGS)
	$(BIN)/mutmut export-cicd-stats

# An hour: what `make test` does with forty and eight cases.
soak: SOAK ?= 500
soak: $(VENV)/test.stamp system
	SOAK=$(SOAK) $(BIN)/python -m pytest -q tests/exports/test_recomputes.py \
		tests/webapp/test_rosters_back.py tests/promises $(ARGS)

# Real servers, real clients; the figures and the load of the machine go into the page.
load: $(VENV)/test.stamp system
	$(BIN)/python -m tests.load -o docs/load.md $(ARGS)

# After a change of a sentence: new ids into the English catalogue; prints what is untranslated.
words: $(VENV)/run.stamp
	$(BIN)/python -m webapp.translations.catalogue

# The README's and the guides' pictures, most of them taken by the browser tests.
pictures: $(VENV)/test.stamp system
	rm -rf build/pictures && mkdir -p build/pictures docs/pictures
	ROSTRUM_PICTURES=build/pictures $(BIN)/python -m pytest -q tests/webapp/test_browser.py tests/webapp/test_screens.py tests/webapp/test_tablet_page.py
	$(BIN)/python -m tests.webapp.guides build/pictures
	$(BIN)/rostrum demo --data build/pictures/demo --no-serve >/dev/null
	soffice --headless --convert-to pdf --outdir build/pictures build/pictures/demo/exports/*汇总表.xlsx >/dev/null
	pdftoppm -r 80 -png -singlefile build/pictures/*汇总表.pdf build/pictures/result-sheet
	cp build/pictures/board-desk.png build/pictures/console.png build/pictures/scoring.png build/pictures/result-sheet.png build/pictures/tablet-*.png build/pictures/guide-*.png docs/pictures

lock:
	uv pip compile -q pyproject.toml --extra postgres --extra server --extra build --generate-hashes --universal --no-header --no-annotate -o requirements.lock
	uv pip compile -q pyproject.toml --extra postgres --extra server --extra build --extra test --generate-hashes --universal --no-header --no-annotate -c requirements.lock -o requirements-test.lock
	uv pip compile -q pyproject.toml --extra postgres --extra server --extra build --extra test --extra mutation --generate-hashes --universal --no-header --no-annotate -c requirements-test.lock -o requirements-mutation.lock

# The same source gives the same bytes: files bear the day of the last commit, whoever builds and whenever.
wheel: $(VENV)/run.stamp
	rm -rf build/wheel && mkdir -p build/wheel dist
	umask 022 && git archive HEAD | tar -x -C build/wheel
	umask 022 && cd build/wheel && SOURCE_DATE_EPOCH=$$(git -C $(CURDIR) log -1 --format=%ct) PYTHONHASHSEED=0 \
		$(CURDIR)/$(BIN)/python -c "from setuptools.build_meta import build_wheel; build_wheel('$(CURDIR)/dist')" >/dev/null

bundle: wheel sbom
	rm -rf dist/rostrum-bundle
	$(PYTHON) -m webapp.deploy.bundle requirements.lock $$(ls -t dist/rostrum-*.whl | head -1) dist/rostrum-bundle $(ARGS)
	cp dist/sbom.json LICENSE docs/licences.md dist/rostrum-bundle/
	cd dist && $(PYTHON) -m zipfile -c rostrum-bundle.zip rostrum-bundle

sbom: $(VENV)/run.stamp
	mkdir -p dist
	$(BIN)/python -m webapp.deploy.parts sbom requirements.lock dist/sbom.json

licences: $(VENV)/test.stamp
	$(BIN)/python -m webapp.deploy.parts licences requirements.lock docs/licences.md

clean:
	rm -rf $(VENV) build dist

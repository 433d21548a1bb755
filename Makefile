# Deux commandes : « make app » installe et lance la page ; « make test » installe et teste.
# Toutes deux se répètent sans danger et reprennent après une interruption.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# Hors de Linux ou d'un miroir qui le sert : make app INDEX_TORCH=https://download.pytorch.org/whl/cpu
INDEX_TORCH ?=
PIP := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt
PORT ?= 8501

.PHONY: app test test-long qualite audit preparer entrainer bench propre

app: preparer
	@$(BIN)/clas page --port $(PORT)

preparer: $(VENV)/.installe
	@$(BIN)/clas preparer

# Les essais lancent des centaines de processus : ce que Python compile est gardé, quoi que dise l'appelant.
export PYTHONDONTWRITEBYTECODE :=

# Un fichier d'essais va à un seul processus ; les plus longs d'abord (tests/ordre.py), et non les plus
# nombreux : à la fin, aucun processus n'en attend un autre.
# Chacun des deux processus calcule sur un cœur, comme les pages : partagé, un produit attend surtout.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test: $(VENV)/.installe-dev preparer qualite
	$(PYTEST)

test-long: $(VENV)/.installe-dev preparer
	$(PYTEST) -m long

qualite: $(VENV)/.installe-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# pip-audit a son propre environnement : il n'entre pas dans ce qu'il vérifie. Sans réseau, rien n'échoue.
AUDIT := var/audit
audit: $(VENV)/.installe-dev
	@rm -f $(AUDIT)/rapport.json
	@$(PYTHON) -m venv $(AUDIT) && $(AUDIT)/bin/python -m pip install --quiet pip-audit 2>/dev/null || true
	@test ! -x $(AUDIT)/bin/pip-audit || $(AUDIT)/bin/pip-audit --requirement constraints.txt --no-deps \
		--disable-pip --timeout 10 --format json --output $(AUDIT)/rapport.json >/dev/null 2>&1 || true
	@$(BIN)/python .ci/audit.py $(AUDIT)/rapport.json

# Refait ce qui a été appris : une heure environ sur deux cœurs, reprend où elle s'est arrêtée.
entrainer: $(VENV)/.installe-dev preparer
	$(BIN)/python -m assistant.entrainement tout

bench: $(VENV)/.installe-dev preparer
	$(BIN)/python -m bench

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| (echo "Il faut Python 3.11 ou plus récent : make app PYTHON=/chemin/de/python3.11" >&2; exit 1)
	$(PYTHON) -m venv $(VENV)

# torch d'abord, seul et à sa version exacte : sinon pip peut choisir une version CUDA de plusieurs Go.
$(VENV)/.torch: constraints.txt | $(VENV)/bin/python
	$(PIP) torch==2.13.0 $(if $(INDEX_TORCH),--index-url $(INDEX_TORCH))
	@touch $@

$(VENV)/.installe: pyproject.toml constraints.txt $(VENV)/.torch
	$(PIP) --editable .
	@touch $@

$(VENV)/.installe-dev: $(VENV)/.installe
	$(PIP) --editable '.[dev]'
	@touch $@

propre:
	rm -rf $(VENV) var

#!/bin/sh
# Writes requirements.lock: every package for every platform, with hashes, with no address in it.
# deploy/requirements.lock is the part of it that a running desk needs.
set -eu
cd "$(dirname "$0")/.."
compile() {
    "${UV:-.venv/bin/uv}" pip compile pyproject.toml --quiet --all-extras \
        --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --custom-compile-command 'make lock' "$@"
}
compile --group dev --output-file requirements.lock "$@"
compile --constraint requirements.lock --no-annotate --output-file deploy/requirements.lock

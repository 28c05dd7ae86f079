#!/bin/sh
# Writes requirements.lock: every package for every platform, with hashes, with no address in it.
set -eu
cd "$(dirname "$0")/.."
exec "${UV:-.venv/bin/uv}" pip compile pyproject.toml --quiet --all-extras --group dev \
    --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --custom-compile-command 'make lock' \
    --output-file requirements.lock "$@"

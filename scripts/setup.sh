#!/bin/sh
# Makes .venv hold exactly what requirements.lock pins, and this project; instant when it does.
set -eu
cd "$(dirname "$0")/.."

fail() {
    printf 'setup: %s\n' "$1" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Prints the first Python of at least 3.11: $PYTHON if it is given, else one of the usual names.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.14 python3.13 python3.12 python3.11 python
    fi
    found=$("$1" --version 2>/dev/null) || found="no $1"
    for name; do
        if new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    fail "Deskbridge needs Python 3.11 or newer, found $found: install one, or name it with 'make setup PYTHON=/path/to/python3.11'."
}

# On Debian and Ubuntu both are in a package of their own.
need_venv() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        fail "$1 cannot make a virtual environment, it has no ensurepip: on Debian or Ubuntu run 'apt install python3-venv' and try again."
}

make_venv() {
    python=$(find_python)
    need_venv "$python"
    echo "setup: making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

# uv is taken as pinned, with its hashes, like everything else.
install_pinned() {
    echo "setup: installing what requirements.lock pins (a minute the first time)"
    awk '/^uv==/ { on = 1; print; next } /^[^ ]/ { on = 0 } on && /^ +--hash/' requirements.lock \
        >.venv/uv.lock
    .venv/bin/python -m pip install -qq --disable-pip-version-check \
        --require-hashes --requirement .venv/uv.lock ||
        fail "could not install uv: is the package registry reachable?"
    .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock ||
        fail "could not install what requirements.lock pins: is the package registry reachable?"
}

install_project() {
    .venv/bin/uv pip install --quiet --python .venv/bin/python \
        --offline --no-deps --no-build-isolation --editable . ||
        fail "could not install the project itself; the lines above say why."
}

holds() {
    [ "$(cat ".venv/$1" 2>/dev/null)" = "$2" ]
}

pinned=$({ pwd; cat requirements.lock scripts/setup.sh; } | cksum)
project=$({ pwd; cat requirements.lock scripts/setup.sh pyproject.toml; } | cksum)

if ! new_enough .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    make_venv
fi
if ! holds pinned "$pinned"; then
    rm -f .venv/pinned .venv/project
    install_pinned
    echo "$pinned" >.venv/pinned
fi
if ! holds project "$project"; then
    install_project
    echo "$project" >.venv/project
    echo "setup: ready"
fi

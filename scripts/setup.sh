#!/bin/sh
# Makes .venv hold exactly what requirements.lock pins, and this project. Does nothing if it does.
set -eu
cd "$(dirname "$0")/.."

fail() {
    printf 'setup: %s\n' "$1" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Prints the first Python of at least 3.11: $PYTHON if it is given, else the usual names.
find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    first=${PYTHON:-python3}
    found=$("$first" --version 2>&1) || found="no $first"
    fail "Deskbridge needs Python 3.11 or newer, found $found: install one, or name it with 'make setup PYTHON=/path/to/python3.11'."
}

# Both are separate packages on Debian and Ubuntu.
need_venv() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 || fail "$1 cannot make a virtual environment (no ensurepip): on Debian or Ubuntu run 'apt install python3-venv', then try again."
}

# uv is taken as pinned, with its hashes, like everything else.
install_uv() {
    awk '/^uv==/ { on = 1; print; next } /^[^ ]/ { on = 0 } on && /^ +--hash/' requirements.lock \
        >.venv/uv.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes --requirement .venv/uv.lock ||
        fail "could not install uv: is the package registry reachable?"
}

install_all() {
    uv=.venv/bin/uv
    $uv pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock ||
        fail "could not install what requirements.lock pins: is the package registry reachable?"
    $uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
}

wanted=$({ pwd; cat requirements.lock pyproject.toml scripts/setup.sh; } | cksum)
if [ "$(cat .venv/ready 2>/dev/null)" = "$wanted" ] && new_enough .venv/bin/python; then
    exit 0
fi

rm -f .venv/ready
if ! new_enough .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    need_venv "$python"
    echo "setup: making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi
echo "setup: installing what requirements.lock pins (a minute the first time)"
install_uv
install_all
echo "$wanted" >.venv/ready
echo "setup: ready"

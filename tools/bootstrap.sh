#!/bin/sh
# Makes .venv with what requirements/<kind>.txt pins, once per version of that file. Kind: base (default), demo or dev.
set -eu
cd "$(dirname "$0")/.."
kind="${1:-base}"

fits() { "$1" -c 'import sys, ssl, sqlite3, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; }

if ! fits .venv/bin/python; then
    found=""
    for candidate in "${PYTHON:-}" python3.14 python3.13 python3.12 python3 python \
        "$HOME"/.pyenv/versions/3.14*/bin/python "$HOME"/.pyenv/versions/3.13*/bin/python "$HOME"/.pyenv/versions/3.12*/bin/python; do
        [ -n "$candidate" ] || continue
        if fits "$candidate"; then found="$candidate"; break; fi
    done
    if [ -z "$found" ]; then
        echo "Guichet needs Python 3.12, 3.13 or 3.14 (with ssl, sqlite3 and venv). None was found." >&2
        echo "Install one, or name it: make run PYTHON=/path/to/python3.13" >&2
        exit 1
    fi
    echo "Python: $("$found" -c 'import sys; print(sys.executable, sys.version.split()[0])')"
    rm -rf .venv
    "$found" -m venv .venv
fi

stamp_of() { echo ".venv/.installed-$1-$(cksum < "requirements/$1.txt" | cut -d' ' -f1)"; }
stamp="$(stamp_of "$kind")"
# What development needs holds what the demonstration needs, which holds what running needs.
for larger in demo dev; do
    if [ "$kind" != dev ] && [ -e "$(stamp_of "$larger")" ]; then stamp="$(stamp_of "$larger")"; fi
done
if [ ! -e "$stamp" ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
    UV_SYSTEM_CERTS=1 .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "requirements/$kind.txt"
    rm -f .venv/.installed-"$kind"-*
    touch "$stamp"
fi
.venv/bin/python -m tools.messages --compile

#!/bin/sh
# The demonstration: everything set up on an embedded SQLite, the site and its worker served. PORT and DATA_DIR are honoured.
# The simulated FranceConnect, a second service, listens on FRANCECONNECT_PORT, else on the port after PORT, else on any free one.
set -eu
cd "$(dirname "$0")/.."
sh tools/bootstrap.sh demo
export PORT="${PORT:-8000}"
export DATA_DIR="${DATA_DIR:-$PWD/var}"
mkdir -p "$DATA_DIR"
if [ ! -s "$DATA_DIR/secret-key" ]; then
    (umask 077; .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))' > "$DATA_DIR/secret-key")
fi
export DEMO=1
export SECRET_KEY="${SECRET_KEY:-$(cat "$DATA_DIR/secret-key")}"
export SITE_URL="${SITE_URL:-http://localhost:$PORT}"
export ALLOWED_HOSTS="${ALLOWED_HOSTS:-*}"
export LOG_LEVEL="${LOG_LEVEL:-WARNING}"
exec .venv/bin/python manage.py demo

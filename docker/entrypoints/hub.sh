#!/bin/sh
# Start the hub on all addresses of its container. What follows goes to `headstart up`; a command of `headstart` itself
# runs instead: `docker compose run --rm hub user add ada`.
set -eu
# nginx reads what is stored, as a member of the group; nobody else does.
umask 027
case "${1:-}" in
"" | -*) exec headstart up --host 0.0.0.0 --port "${HEADSTART_PORT:-8000}" "$@" ;;
*) exec headstart "$@" ;;
esac

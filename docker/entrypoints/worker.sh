#!/bin/sh
# Start the worker once its token is there and the hub answers. What follows goes to `headstart worker`.
set -eu
: "${HEADSTART_URL:?Set HEADSTART_URL to the address of the hub.}"
token="${HEADSTART_WORKER_TOKEN_FILE:-/run/secrets/worker_token}"
if [ ! -s "$token" ]; then
    echo "No token in $token. Have one made on the hub (headstart worker-token add NAME), put it there, start again." >&2
    exit 78
fi
tries="${HEADSTART_WAIT_TRIES:-60}"
until healthy.py "$HEADSTART_URL"; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
        echo "The hub at $HEADSTART_URL doesn't answer." >&2
        exit 75
    fi
    sleep 2
done
umask 077
exec headstart worker --folder "${HEADSTART_WORK:-/work}" --token-file "$token" "$@"

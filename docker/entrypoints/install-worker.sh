#!/bin/sh
# Install the worker for a device (cpu or cuda) into the environment that is first in PATH, from the sources here.
set -eu
device="$1"
index="${2:-}"
case "$device" in
cpu | cuda) ;;
*)
    echo "DEVICE is cpu or cuda, not $device." >&2
    exit 64
    ;;
esac
if [ "$device" = cpu ] && [ -n "$index" ]; then
    pip install --index-url "$index" "$(grep '^torch==' constraints.txt)"
fi
pip install -c constraints.txt ".[worker]"

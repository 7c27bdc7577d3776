#!/usr/bin/env python3
"""Whether the hub at an address (first argument, or HEADSTART_URL) says who it is: exit code 0, else 1."""

import os
import sys
import urllib.error
import urllib.request

address = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HEADSTART_URL", "")
try:
    with urllib.request.urlopen(f"{address.rstrip('/')}/api/headstart/about", timeout=4) as answer:
        sys.exit(0 if answer.status == 200 else 1)
except (urllib.error.URLError, OSError, ValueError) as error:
    sys.stderr.write(f"{address}: {error}\n")
    sys.exit(1)

# Sourced by the scripts beside it.

say() { printf '%s\n' "$*" >&2; }

# The first Python here that is new enough.
find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    say "Python 3.11 or newer is needed and was not found. On Debian 12: apt-get install python3 python3-venv"
    exit 1
}

# install_debian PACKAGE…: as root on Debian, install; otherwise say what to install, and end.
install_debian() {
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "Missing, and to be installed by an administrator (then run this again): apt-get install $*"
        exit 1
    fi
    say "Installing $* …"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >.ci-apt.log 2>&1 || {
        tail -n 5 .ci-apt.log >&2
        say "apt-get install $* failed; the whole of what it said is in .ci-apt.log"
        exit 1
    }
    rm -f .ci-apt.log
}

# make_venv FOLDER: an empty virtual environment, unless it is there.
make_venv() {
    local python
    [ -x "$1/bin/python" ] && return
    python=$(find_python)
    "$python" -c 'import ensurepip' 2>/dev/null || install_debian "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    "$python" -m venv "$1"
}

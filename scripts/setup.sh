#!/usr/bin/env bash
# Sets up a checkout: .venv with the package (editable) and its development tools, Dafny, Dafny's best solver z3 4.8.5, and Lean
# 4.35 with the core library that stands in for Lean's own.
# Safe to run again at any time: does nothing when everything is in place, and takes up where an interrupted run stopped.
# What is installed already stays, also where less is asked for later.
#
# Environment: PYTHON (interpreter, default: the newest of python3, python3.13 ... python3.11), VENV (default .venv),
# EXTRAS (default "dev,lean"), MODELS (default "hf,train": what running and training language models needs, 2 GB with
# torch; empty to do without), CLUSTER (default "ray": evaluations on many machines and their tests, 240 MB and a quarter of a
# minute; empty to do without), PROVER_DAFNY (a Dafny of your own: nothing is installed by apt).
# Exit codes: 0 done; 3 something is missing that this script may not install (the message says how to get it); 1 other failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VENV="${VENV:-.venv}"
readonly EXTRAS="${EXTRAS:-dev,lean}"
readonly MODELS="${MODELS-hf,train}"
readonly CLUSTER="${CLUSTER-ray}"
readonly STAMP="$VENV/.lemmatree-setup"
readonly Z3_VERSION=4.8.5
readonly Z3_HOME="$VENV/share/lemmatree/z3-$Z3_VERSION"

say() { printf 'setup: %s\n' "$*" >&2; }
missing() {
    printf 'setup: %s\n       %s\n' "$1" "$2" >&2
    exit 3
}

# apt_install WHAT PACKAGE...: as root installs; otherwise prints the one line that does it, and stops.
apt_install() {
    local what="$1"
    shift
    command -v apt-get >/dev/null || missing "Missing: $what." "Install it with your system's package manager, then run this again."
    if [ "$(id -u)" -ne 0 ]; then
        missing "Missing: $what." "Run: sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    fi
    say "missing: $what; installing $*"
    apt-get update -qq >&2
    local log
    log="$(mktemp)"
    if ! DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        say "apt-get could not install $*"
        exit 1
    fi
    rm -f "$log"
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if command -v "$candidate" >/dev/null \
            && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

have_dafny() {
    local found
    [ -n "${PROVER_DAFNY:-}" ] || [ -f /usr/lib/dafny/Dafny.exe ] || { found="$(command -v dafny)" && [ -x "$found" ]; }
}
have_z3() { [ -x "$Z3_HOME/bin/z3" ]; }
venv_works() { [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -c 'import pip' 2>/dev/null; }

# What the environment must correspond to: the declared dependencies, this script, where it lives, and the interpreter.
fingerprint() {
    {
        cat pyproject.toml scripts/setup.sh scripts/constraints.txt scripts/hatch_build.py
        printf '%s\n' "$PWD"
        readlink -f "$VENV/bin/python" || true
    } | sha256sum | cut -d' ' -f1
}

# The stamp: the fingerprint, then the extras that were installed with it, one a line. What has more than is wanted will do.
wanted_extras() { printf '%s\n' "$EXTRAS" "$MODELS" "$CLUSTER" | tr ',' '\n' | sed '/^$/d'; }
stamped() { [ -f "$STAMP" ] && [ "$(head -n 1 "$STAMP")" = "$(fingerprint)" ]; }
installed_extras() { if stamped; then tail -n +2 "$STAMP"; fi; }
have_extras() { [ -z "$(wanted_extras | grep -vxFf <(installed_extras))" ]; }

if stamped && have_extras && venv_works && have_z3 && have_dafny; then
    exit 0
fi

# What apt has to give is asked for in one go, so that whoever lacks root has one line to run.
wanted=() packages=()
if ! PYTHON_FOUND="$(find_python)"; then
    [ -z "${PYTHON:-}" ] || missing "PYTHON=$PYTHON is not Python 3.11 or newer." "Set PYTHON to one that is, or unset it."
    wanted+=("Python 3.11 or newer") packages+=(python3 python3-venv)
elif ! venv_works && ! "$PYTHON_FOUND" -c 'import ensurepip, venv' 2>/dev/null; then
    wanted+=("Python's venv module") packages+=(python3-venv)
fi
have_dafny || { wanted+=("Dafny") && packages+=(dafny); }
if [ "${#packages[@]}" -gt 0 ]; then
    apt_install "$(printf '%s, ' "${wanted[@]}" | sed 's/, $//')" "${packages[@]}"
    PYTHON_FOUND="$(find_python)" || missing "This system's python3 is older than 3.11." "Install Python 3.11 and set PYTHON to it."
fi

if ! venv_works; then
    say "creating $VENV with $("$PYTHON_FOUND" --version)"
    "$PYTHON_FOUND" -m venv --clear "$VENV"
fi

say "installing the package and its tools (extras: $EXTRAS)"
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --editable ".[$EXTRAS]"

if [ -n "$MODELS" ]; then
    say "installing what language models need (extras: $MODELS)"
    # A pinned torch: a newer one may bring several gigabytes for graphics cards.
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --constraint scripts/constraints.txt \
        --editable ".[$MODELS]" \
        || say "they could not be installed here: tests of language models are left out. MODELS= does without."
fi

if [ -n "$CLUSTER" ]; then
    say "installing what evaluations on many machines need (extras: $CLUSTER)"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --constraint scripts/constraints.txt \
        --editable ".[$CLUSTER]" \
        || say "it could not be installed here: tests of evaluations on a cluster are left out. CLUSTER= does without."
fi

solver=ready
if ! have_z3; then
    say "installing z3 $Z3_VERSION for Dafny"
    rm -rf "$Z3_HOME.new" "$Z3_HOME"
    mkdir -p "$(dirname "$Z3_HOME")"
    # --target keeps it apart from a newer z3-solver; only-binary because building z3 takes the better part of an hour.
    if "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --target "$Z3_HOME.new" "z3-solver==$Z3_VERSION.0"; then
        chmod +x "$Z3_HOME.new/bin/z3"
        mv "$Z3_HOME.new" "$Z3_HOME"
    else
        rm -rf "$Z3_HOME.new"
        solver=missing
        say "z3 $Z3_VERSION could not be installed here: Dafny will use the system's z3, which proves slightly less."
    fi
fi

case ",$EXTRAS," in
*,lean,*)
    say "compiling the core library for Lean (half a minute)"
    "$VENV/bin/python" -m lean_project.core.build >&2 || say "it does not compile here: Lean files need a Lean from elan."
    ;;
esac

# Without the solver no stamp: the next run tries again.
if [ "$solver" != missing ]; then
    extras="$({ installed_extras; wanted_extras; } | sort -u)"
    { fingerprint; printf '%s\n' "$extras"; } >"$STAMP.new"
    mv "$STAMP.new" "$STAMP"
fi
say "ready: $VENV/bin/prover"

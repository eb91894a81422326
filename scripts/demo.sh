#!/usr/bin/env bash
# Proves the bundled tasks named on the command line, showing progress and each proof as a diff. Writes to a temporary folder.
# Usage: scripts/demo.sh TASK...   (LANGUAGE/NAME under datasets/starter; environment: VENV, SECONDS_PER_TASK)
# Exit code: 0 when every task was proved.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly PROVER="${VENV:-.venv}/bin/prover"
OUTPUT="$(mktemp -d "${TMPDIR:-/tmp}/lemmatree-demo.XXXXXX")"
readonly OUTPUT

failed=0
for task in "$@"; do
    name="${task#*/}"
    source="$(find "datasets/starter/$task" -name 'task.dfy' -o -name 'task.lean')"
    printf '\n$ prover prove %s\n' "$source"
    "$PROVER" prove "$source" --seconds "${SECONDS_PER_TASK:-60}" --out "$OUTPUT/$name.proved.${source##*.}" --run "$OUTPUT/$name.run" \
        </dev/null || failed=$((failed + 1))
done

printf '\nProved %d of %d. The files are in %s\n' $(($# - failed)) $# "$OUTPUT"
[ "$failed" -eq 0 ]

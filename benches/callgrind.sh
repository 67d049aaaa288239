#!/usr/bin/env bash
# Instructions for each operation, under callgrind: what a noisy machine cannot blur. Only the measured
# part of a batch is counted.
#
#   benches/callgrind.sh [WORD...]    gc-core and std's pointers: the workloads whose names contain
#                                     a WORD (default: handle operations and gc_*)
#   KEEP=DIR benches/callgrind.sh ... leave the profiles in DIR, for callgrind_annotate
#   benches/callgrind.sh --counts     reads lines of a subject, a tab and a workload, and prints them
#                                     with their counts, for .ci/counts
set -euo pipefail
cd "$(dirname "$0")/.."

[ -n "${BUILT:-}" ] || cargo build --quiet --release -p gc-benches --bin gc-benches
binary=${CARGO_TARGET_DIR:-target}/release/gc-benches
out=${KEEP:-$(mktemp -d)}
mkdir -p "$out"
[ -n "${KEEP:-}" ] || trap 'rm -rf "$out"' EXIT

# Runs some batches and prints how many operations one has, and the instructions
# in the measured parts of all of them.
count() { # workload subject batches file
    valgrind --quiet --tool=callgrind --callgrind-out-file="$4" --collect-atstart=no \
        --toggle-collect='*timed_region*' "$binary" --once "$1" "$2" "$3" 2>/dev/null </dev/null
    awk '/^totals:/ { print $2 }' "$4"
}

# The first batch gives caches, buffers and vectors their size: what four more add is the figure.
each() { # workload subject
    local file
    file=$out/$(tr -cs 'a-zA-Z0-9\n' - <<<"$1-$2")
    { count "$1" "$2" 1 "$file.first"; count "$1" "$2" 5 "$file.out"; } |
        awk '{ n[NR] = $1 } END { printf "%.2f", (n[4] - n[2]) / n[1] / 4 }'
}

if [ "${1:-}" = --counts ]; then
    while IFS=$'\t' read -r subject workload; do
        printf '%s\t%s\t%s\n' "$subject" "$workload" "$(each "$workload" "$subject")"
    done
    exit 0
fi

[ $# -gt 0 ] || set -- deref clone drop weak gc_
words=("$@")
selected() { # workload subject
    local word
    [[ " Rc unsync Arc sync " == *" $2 "* ]] || return 1
    # Not of several threads: callgrind runs one at a time.
    [[ $1 == *threads* || $1 == stall* || $1 == largest* || $1 == bytes* ]] && return 1
    for word in "${words[@]}"; do
        [[ $1 == *"$word"* ]] && return 0
    done
    return 1
}

printf '%-50s %-8s %10s %8s\n' workload subject instr. ratio
declare -A figures
while IFS=$'\t' read -r workload subject baseline; do
    selected "$workload" "$subject" || continue
    figure=$(each "$workload" "$subject")
    figures[$workload/$subject]=$figure
    base=${figures[$workload/$baseline]:-0}
    ratio=$(awk -v a="$figure" -v b="$base" 'BEGIN { if (b > 0) printf "%.2f", a / b }')
    printf '%-50s %-8s %10s %8s\n' "$workload" "$subject" "$figure" "$ratio"
done < <("$binary" --list)

#!/bin/sh
# On a machine with a GPU: the export of models/tiny is the same bytes whatever the batch, the order, the memory, the tuning
# found before, or an interruption. gpu_reproducible.sh [QUORUM]; the exit code is 0 if all are equal.
set -u
quorum=${1:-build/release/quorum}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME="$work/cache"
run="run --model models/tiny --bench mini --samples 4 --seed 3 --max-tokens 512 --device cuda --quiet"
reference=""
bad=0
compare() {  # NAME
  sum=$("$quorum" export --db "$work/$1.db" | sha256sum | cut -c1-32)
  [ -n "$reference" ] || reference=$sum
  [ "$sum" = "$reference" ] || bad=1
  echo "$sum  $1"
}
one() {  # NAME FLAGS...
  name=$1
  shift
  "$quorum" $run --db "$work/$name.db" "$@" > /dev/null || bad=1
  compare "$name"
}
one batch-1 --max-batch 1
one batch-64 --max-batch 64
rm -rf "$XDG_CACHE_HOME"
one batch-500-new-tuning --max-batch 500
rm -rf "$XDG_CACHE_HOME"
one shuffled-new-tuning --shuffle 7
one swapped --kv-memory 3M --swap-memory 1G
rm -rf "$XDG_CACHE_HOME"
one restarted-new-tuning --kv-memory 3M --swap-memory 0
stored() { "$quorum" export --db "$work/resumed.db" 2> /dev/null | wc -l; }
"$quorum" $run --db "$work/resumed.db" --max-batch 1 > /dev/null 2>&1 &
pid=$!
while kill -0 "$pid" 2> /dev/null && [ "$(stored)" -lt 20 ]; do sleep 0.05; done
kill -TERM "$pid" 2> /dev/null
wait "$pid"
left=$(stored) all=$("$quorum" export --db "$work/batch-1.db" | wc -l)
echo "interrupted with $left of $all samples"
[ "$left" -lt "$all" ] || bad=1
one resumed
[ "$bad" -eq 0 ]

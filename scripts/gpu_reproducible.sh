#!/bin/sh
# On a machine with a GPU: the export of a model is the same bytes whatever the batch, the order, the memory, the tuning
# found before, or an interruption. gpu_reproducible.sh [QUORUM]; the exit code is 0 if all are equal.
# Other than models/tiny, with what tests/gpu/shape_checkpoint.py makes (SINGLE: samples of a query that are also made one
# by one):
#   MODEL=DIR QUERIES=2 SAMPLES=32 SINGLE=1 TOKENS=8500 KV=600M scripts/gpu_reproducible.sh
# (Steps of few rows never have attention beside products: the GPU tests compare those.)
set -u
quorum=${1:-build/release/quorum}
SAMPLES=${SAMPLES:-4}
SINGLE=${SINGLE:-$SAMPLES} KV=${KV:-3M}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME="$work/cache"
run="run --model ${MODEL:-models/tiny} --bench mini --seed 3 --limit ${QUERIES:-60} --max-tokens ${TOKENS:-512} --device cuda --quiet"
reference=""
bad=0
digest() { sha256sum | cut -c1-32; }
first() {  # of the samples of each query
  grep -E "\"sample\":($(seq -s '|' 0 $((SINGLE - 1)))),"
}
same() {  # SUM REFERENCE NAME
  [ "$1" = "$2" ] || bad=1
  echo "$1  $3"
}
one() {  # NAME FLAGS...
  name=$1
  shift
  "$quorum" $run --samples "$SAMPLES" --db "$work/$name.db" "$@" > /dev/null || bad=1
  "$quorum" export --db "$work/$name.db" > "$work/export" || bad=1
  got=$(digest < "$work/export")
  same "$got" "${reference:=$got}" "$name"
}
one batch-64 --max-batch 64
all=$(wc -l < "$work/export")
few=$(first < "$work/export" | digest)
"$quorum" $run --samples "$SINGLE" --db "$work/batch-1.db" --max-batch 1 > /dev/null || bad=1
same "$("$quorum" export --db "$work/batch-1.db" | digest)" "$few" batch-1
rm -rf "$XDG_CACHE_HOME"
one batch-500-new-tuning --max-batch 500
rm -rf "$XDG_CACHE_HOME"
one shuffled-new-tuning --shuffle 7
one no-overlap --no-overlap
one swapped --kv-memory $KV --swap-memory 2G
rm -rf "$XDG_CACHE_HOME"
one restarted-new-tuning --kv-memory $KV --swap-memory 0
stored() { "$quorum" export --db "$work/resumed.db" 2> /dev/null | wc -l; }
"$quorum" $run --samples "$SAMPLES" --db "$work/resumed.db" --max-batch $(((all + 14) / 15)) > /dev/null 2>&1 &
pid=$!
while kill -0 "$pid" 2> /dev/null && [ "$(stored)" -eq 0 ]; do sleep 0.05; done
kill -TERM "$pid" 2> /dev/null
wait "$pid"
[ $? -eq 130 ] || bad=1
left=$(stored)
echo "interrupted with $left of $all samples"
[ "$left" -lt "$all" ] && [ "$left" -gt 0 ] || bad=1
one resumed
[ "$bad" -eq 0 ]

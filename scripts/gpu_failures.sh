#!/bin/sh
# On a machine with a GPU: what a run leaves behind when it fails, and that it goes on from there to the same bytes.
# gpu_failures.sh [QUORUM] [GPU_TESTS] [DEVICE], from the root of the project; the exit code is 0 if all is as it should be.
set -u
quorum=${1:-build/release/quorum}
tests=${2:-build/release/tests/gpu_tests}
device=${3:-cuda}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
run() {  # DB MODEL FLAGS...
  db=$work/$1 model=$2
  shift 2
  "$quorum" run --db "$db" --model "$model" --bench mini --samples 4 --seed 3 --max-tokens 512 --device "$device" --quiet "$@" \
    > "$work/out" 2> "$work/err"
}
stored() { "$quorum" export --db "$work/$1" 2> /dev/null | wc -l; }
sum() { "$quorum" export --db "$work/$1" | sha256sum | cut -c1-32; }
expect() {  # WHAT SEEN EXPECTED
  [ "$2" = "$3" ] && verdict=ok || { verdict="FAILS, expected $3" && bad=1; }
  echo "$1: $2 ($verdict)"
}
run whole.db models/tiny || bad=1
whole=$(sum whole.db) all=$(stored whole.db)

# A checkpoint whose last norm is NaN.
cp -r models/tiny "$work/broken"
python3 - "$work/broken/model.safetensors" << 'PY'
import json, struct, sys
with open(sys.argv[1], "r+b") as file:
    size = struct.unpack("<Q", file.read(8))[0]
    entry = json.loads(file.read(size))["model.norm.weight"]
    begin, end = entry["data_offsets"]
    width = {"BF16": 2, "F16": 2, "F32": 4}[entry["dtype"]]
    file.seek(8 + size + begin)
    file.write({"BF16": b"\xc0\x7f", "F16": b"\x00\x7e", "F32": b"\x00\x00\xc0\x7f"}[entry["dtype"]] * ((end - begin) // width))
PY
run broken.db "$work/broken"
expect "NaN: exit code" $? 2
cat "$work/err"
expect "NaN: samples stored" "$(stored broken.db)" 0

# More memory than there is.
run large.db models/tiny --kv-memory 100000G
expect "no memory: exit code" $? 4
cat "$work/err"
expect "no memory: samples stored" "$(stored large.db)" 0
run large.db models/tiny
expect "no memory: export after it goes on" "$(sum large.db)" "$whole"

# Ended without warning in the middle.
run killed.db models/tiny --max-batch 1 &
while kill -0 $! 2> /dev/null && [ "$(stored killed.db)" -lt 20 ]; do sleep 0.05; done
child=$(cat /proc/$!/task/$!/children 2> /dev/null)
[ -n "$child" ] && kill -KILL $child
wait $!
left=$(stored killed.db)
[ "$left" -ge 20 ] && [ "$left" -lt "$all" ] && middle=yes || middle=no
expect "killed with $left of $all samples: in the middle" $middle yes
run killed.db models/tiny
expect "killed: export after it goes on" "$(sum killed.db)" "$whole"

if [ "$device" = cuda ]; then
  "$tests" "[lost]" > "$work/out" 2>&1
  expect "lost device: exit code of its test" $? 0
  expect "lost device: its test ran" "$(grep -c SKIPPED "$work/out")" 0
  tail -3 "$work/out"
fi
[ $bad -eq 0 ]

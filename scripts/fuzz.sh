#!/bin/sh
# Fuzzes each target for SECONDS under ASan and UBSan with libFuzzer: fuzz.sh SECONDS [TARGET ...].
# New inputs stay in build/fuzz/corpus; a crash is written to build/fuzz/crashes and ends the script with exit 1.
set -eu
seconds=$1
shift
cmake --preset fuzz -G Ninja > /dev/null
cmake --build build/fuzz --target fuzzers -j "$(nproc)"
[ $# -gt 0 ] || set -- $(ls tests/fuzz/fuzz_*.cpp | sed 's|.*/fuzz_\(.*\)\.cpp|\1|')
for target; do
  mkdir -p "build/fuzz/corpus/$target" build/fuzz/crashes
  seeds=""
  [ -d "tests/fuzz/corpus/$target" ] && seeds="tests/fuzz/corpus/$target"
  dictionary=""
  [ -f "tests/fuzz/$target.dict" ] && dictionary="-dict=tests/fuzz/$target.dict"
  echo "fuzz_$target: $seconds s"
  "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=65536 $dictionary \
    -artifact_prefix="build/fuzz/crashes/$target-" "build/fuzz/corpus/$target" $seeds > "build/fuzz/$target.log" 2>&1 ||
    { tail -40 "build/fuzz/$target.log"; exit 1; }
  tail -2 "build/fuzz/$target.log"
done

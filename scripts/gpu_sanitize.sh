#!/bin/sh
# On a machine with a GPU: compute-sanitizer over tests of every kernel that are brief, a line for each tool and group of
# kernels.
# gpu_sanitize.sh [GPU_TESTS] [TOOLS] [SECONDS a run], from the root of the project; the exit code is 0 if all are clean.
set -u
tests=${1:-build/release/tests/gpu_tests}
tools=${2:-memcheck racecheck}
limit=${3:-600}
sanitizer=$(command -v compute-sanitizer || echo /usr/local/cuda/bin/compute-sanitizer)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
cases_for() {  # FILE OF KERNELS: the test cases that launch all of them
  # What products end in is launched by those of gather_rows and rope_kv.
  case $1 in
    attention | attention_plan) echo "[#test_attention][brief],[#test_attention_turns][brief]" ;;
    convert | fill_random) echo "[#test_device_weights]" ;;
    embed | rms_norm | silu_mul) echo "[#test_row_ops]" ;;
    gather_rows) echo "[#test_split_norm][brief]" ;;
    gemm_*) echo "[#test_gemm_variants][brief],[#test_row_extremes][brief]" ;;
    page_copy) echo "[#test_page_copy]" ;;
    read_memory) echo "[#test_read_memory]" ;;
    rope_kv) echo "[#test_rope_kv][brief]" ;;
    sample) echo "[#test_sample_brief]" ;;
    step) echo "[#test_step]" ;;
    *) return 1 ;;
  esac
}
kernels_of() {
  tr '\n' ' ' < "$1" | grep -oP '__global__ void\s+(__launch_bounds__\([^)]*\)\s*)?\K\w+' | tr '\n' ' '
}
bad=0
plan=$(for file in engine/cuda/kernels/*.cu; do
  cases=$(cases_for "$(basename "$file" .cu)") || cases="NONE"
  printf '%s\t%s\n' "$cases" "$(kernels_of "$file")"
done | sort | awk -F'\t' '{ k[$1] = k[$1] $2 } END { for (c in k) print c "\t" k[c] }' | sort)
tab=$(printf '\t')
for tool in $tools; do
  while IFS="$tab" read -r cases kernels; do
    begin=$(date +%s)
    if [ "$cases" = NONE ]; then
      verdict="no tests are named for it" code=1
    else
      timeout "$limit" "$sanitizer" --tool "$tool" --error-exitcode 9 "$tests" "-#" "$cases" > "$log" 2>&1 < /dev/null
      code=$?
      verdict=$(grep -E 'SUMMARY' "$log" | tail -1 | sed 's/^=* *//')
      if grep -q SKIPPED "$log"; then verdict="skipped" code=1; fi
      if [ $code -eq 0 ] && ! grep -q '^All tests passed' "$log"; then verdict="no tests ran" code=1; fi
      if [ $code -eq 124 ]; then verdict="not over after $limit s"; fi
    fi
    [ $code -eq 0 ] || bad=1
    printf '%-9s %4d s  exit %-3d %s | %s\n' "$tool" $(($(date +%s) - begin)) $code "$kernels" "${verdict:-no summary}"
    [ $code -eq 0 ] || grep '^========= ' "$log" | grep -v SUMMARY | head -8
  done <<PLAN
$plan
PLAN
done
[ $bad -eq 0 ]

#!/bin/sh
# Runs all tests of a build folder and closes with one line of counts: test.sh FOLDER JOBS.
set -u
folder=$1
jobs=$2
log=$folder/tests.log
ctest --test-dir "$folder" --output-on-failure -j "$jobs" > "$log" 2>&1
code=$?
failed=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#[0-9]+: .*(\*\*\*Failed|\*\*\*Timeout|\*\*\*Exception|\*\*\*Not Run)' "$log")
skipped=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#[0-9]+: .*\*\*\*Skipped' "$log")
passed=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed ' "$log")
if [ "$code" -ne 0 ] || [ "$failed" -ne 0 ] || [ "$passed" -eq 0 ]; then
  grep -vE ' Passed |^ *Start +[0-9]+:' "$log"
  [ "$failed" -ne 0 ] || failed=1
fi
grep -hE '^SKIPPED: ' "$folder"/Testing/Temporary/LastTest.log 2> /dev/null | sort -u
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]

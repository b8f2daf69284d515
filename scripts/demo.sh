#!/bin/sh
# The main job on the embedded checkpoint, from prompts to a report: demo.sh PROGRAM SEED.
set -eu
program=$1
seed=$2
mkdir -p out
database=out/demo-seed$seed.db
report=out/demo-seed$seed.html

"$program" run --model models/tiny --bench mini --samples 64 --max-tokens 512 --seed "$seed" --db "$database"
"$program" report --db "$database" --format html > "$report"
echo
echo "report:   $report"
echo "database: $database"

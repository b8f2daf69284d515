#!/bin/sh
# The main job on the embedded checkpoint, from prompts to a report: demo.sh PROGRAM SEED.
set -eu
program=$1
seed=$2
mkdir -p out
database=out/demo-seed$seed.db
report=out/demo-seed$seed.html

"$program" run --model models/tiny --bench mini --samples 64 --max-tokens 512 --seed "$seed" --db "$database"
# Where programs cannot be run (exit code 4), the demo goes on without them.
"$program" run --model models/tiny --bench mini-code --samples 64 --max-tokens 256 --seed "$seed" --db "$database" || [ $? -eq 4 ]
"$program" report --db "$database" --format html > "$report"
echo
echo "report:   $report"
echo "database: $database"

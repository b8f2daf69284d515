#!/bin/sh
# Applies each patch of tests/mutants to a copy of the working tree, builds the test programs that it names, and runs them:
# they must fail. A patch begins with lines `# what: …` and `# tests: PROGRAM [Catch2 arguments]`; of base_tests, which also
# look for patches that no longer fit, it names the cases.
# usage: mutants.sh [PATCH ...]. Exit 1 when a mutant survives or no longer applies.
set -eu
root=$(pwd)
copy=$root/build/mutants/tree
folder=$root/build/mutants/build
[ $# -gt 0 ] || set -- tests/mutants/*.patch
mkdir -p "$copy" "$folder"
survived=0
killed=0
# Only files that differ are copied, so that only what a patch touches is built again.
sync_tree() { git ls-files | while read -r file; do cmp -s "$file" "$copy/$file" || { mkdir -p "$copy/$(dirname "$file")"; cp "$file" "$copy/$file"; }; done; }
sync_tree
ln -sfn "$root/../shared" "$root/build/mutants/shared"
cmake -S "$copy" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release > /dev/null
for patch; do
  name=$(basename "$patch" .patch)
  tests=$(sed -n 's/^# tests: //p' "$patch")
  program=${tests%% *}
  arguments=${tests#"$program"}
  if ! (cd "$copy" && patch -s -F0 -p1 < "$root/$patch"); then
    echo "STALE     $name: the patch no longer applies"
    survived=$((survived + 1))
    sync_tree
    continue
  fi
  targets=$program
  [ "$program" = cli_tests ] && targets="quorum cli_tests"
  if ! cmake --build "$folder" -j "$(nproc)" --target $targets > "$folder/$name.log" 2>&1; then
    echo "BROKEN    $name: it does not compile (see $folder/$name.log)"
    survived=$((survived + 1))
  elif (cd "$copy" && eval "timeout 600 '$folder/tests/$program' $arguments" > "$folder/$name.log" 2>&1); then
    echo "SURVIVED  $name: $(sed -n 's/^# what: //p' "$patch")"
    survived=$((survived + 1))
  else
    echo "killed    $name"
    killed=$((killed + 1))
  fi
  sync_tree
done
echo "$killed killed, $survived not"
[ "$survived" -eq 0 ]

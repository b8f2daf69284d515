#!/bin/sh
# Builds quorum with a mistake for gate.py --wrong-program: copies the working tree to build/gate, applies PATCH there,
# builds, and prints the program's path. usage: wrong_program.sh [PATCH], from the root of the project.
set -eu
patch=${1:-tests/gpu/gate/skipped_page.patch}
name=$(basename "$patch" .patch)
tree=$(pwd)/build/gate/$name/tree
folder=$(pwd)/build/gate/$name/build
rm -rf "$tree"
mkdir -p "$tree"
git ls-files -co --exclude-standard -z | tar --null -T - -c | tar -x -C "$tree"
patch -s -F0 -d "$tree" -p1 < "$patch" >&2
cmake -S "$tree" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release -DQUORUM_TESTS=OFF > /dev/null
cmake --build "$folder" --target quorum >&2
echo "$folder/quorum"

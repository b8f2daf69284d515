#!/bin/sh
# Many programs in one sandbox, of which some fail in every way: processes, descriptors, control groups, mounts, files in
# /dev/shm and the harness's memory must stay as they are.
# sandbox_endurance.sh [PROGRAMS] [LEVEL] [RUNNER], from the root of the project; the exit code is 0 if nothing grew.
set -u
exec "${3:-build/release/tests/attack_runner}" endure "${2:-A}" "${1:-100000}"

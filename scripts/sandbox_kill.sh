#!/bin/sh
# SIGKILL to the harness, the launcher, workers, interpreters and programs at random moments, as root and as an ordinary
# user: nothing may be left after three seconds, and what was not the harness must be survived.
# sandbox_kill.sh [ROUNDS] [LEVELS] [RUNNER], from the root of the project; the exit code is 0 if all is as it should be.
set -u
rounds=${1:-100}
levels=${2:-A B C}
runner=${3:-build/release/tests/attack_runner}
bad=0
kills() {  # LEVEL PREFIX...
  level=$1
  shift
  echo "level $level${1:+, ordinary user}:"
  "$@" "$runner" kills "$level" "$rounds" --seed "$(date +%s)"
  case $? in
    0) ;;
    4) echo "this machine does not allow it" ;;
    *) bad=1 ;;
  esac
}
for level in $levels; do
  kills "$level"
  [ "$(id -u)" -ne 0 ] || kills "$level" setpriv --reuid 65534 --regid 65534 --clear-groups
done
exit $bad

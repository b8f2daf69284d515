#!/bin/sh
# The first process of the virtual machine of sandbox_vm.sh.
export PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/tmp
cd "$(cat /run/project)" || exit 1
echo "Linux $(uname -r), groups of version 2: $(cat /sys/fs/cgroup/cgroup.controllers)"
runner=build/release/tests/attack_runner
bad=0
show() {  # what does not say "ok" at its start
  echo "$*"
  "$@" >/tmp/log 2>&1 || bad=1
  echo "  $(grep -c '^ok' /tmp/log) ok"
  grep -v '^ok' /tmp/log | tail -40
}
level_a() {
  show "$@" "$runner" contained A --workers 2
  show "$@" "$runner" kills A 6 --within 5000
  show "$@" "$runner" kills A 6 --target quorum-launcher --within 5000
  show "$@" "$runner" endure A 1000
}
level_a

# As systemd has it for a user: a shell's group below one that is the user's and hands controllers down.
echo "+memory +pids" >/sys/fs/cgroup/cgroup.subtree_control
user=/sys/fs/cgroup/user
mkdir $user
echo "+memory +pids" >$user/cgroup.subtree_control
mkdir $user/shell $user/alone
for group in $user $user/shell $user/alone; do
  chown 65534:65534 $group $group/cgroup.procs $group/cgroup.subtree_control
done
cat >/run/user.sh <<'END'
echo $$ >/sys/fs/cgroup/user/shell/cgroup.procs
setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
END
cat >/run/alone.sh <<'END'
echo $$ >/sys/fs/cgroup/user/alone/cgroup.procs
exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
END
level_a sh /run/user.sh
# A scope of the program's own, where it has to make room for the groups.
chmod 0555 $user && chown 0:0 $user $user/cgroup.procs
show sh /run/alone.sh $runner endure A 500
show build/release/tests/sandbox_tests "*steps*"

left=$(find /sys/fs/cgroup -name 'quorum*')
[ -z "$left" ] || { echo "groups left: $left"; bad=1; }
[ "$(cat $user/alone/cgroup.subtree_control)" = "" ] || { echo "a group still hands controllers down"; bad=1; }
[ $bad -eq 0 ] && echo "all is as it should be"
echo o >/proc/sysrq-trigger
sleep 10

#!/bin/sh
# The sandbox under another kernel: a virtual machine (software emulation, no rights needed) with the kernel of a Debian
# package, control groups of version 2, and this machine's files, read only. As root and as an ordinary user in a group
# that is delegated to it: attacks, kills, a thousand programs (sandbox_vm_guest.sh).
# sandbox_vm.sh [SECONDS] [KERNEL.deb], from the root of the project after a build; without a package, the newest one of
# the distribution is fetched, not installed. Needs qemu-system-x86, busybox-static, cpio, kmod. The exit code is 0 if
# all is as it should be.
set -eu
seconds=${1:-1800}
package=${2:+$(realpath "$2")}
project=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
if [ -z "$package" ]; then
  apt-get download "$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)"
  package=$(echo "$work"/*.deb)
fi
dpkg-deb -x "$package" kernel
version=$(ls kernel/lib/modules)
depmod -b kernel "$version"

mkdir -p start/bin start/modules start/machine start/written start/new start/proc start/sys start/dev
cp "$(command -v busybox)" start/bin/busybox
for module in virtio_pci virtio_rng 9pnet_virtio 9p overlay; do
  modprobe -d "$work/kernel" -S "$version" --show-depends $module
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >modules
while read -r file; do
  cp "$file" start/modules/
  basename "$file" >>start/order
done <modules
cp "$project/scripts/sandbox_vm_guest.sh" start/guest.sh
echo "$project" >start/project
cat >start/init <<'END'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
while read -r module; do $b insmod /modules/$module; done </order
$b mount -t tmpfs -o mode=755 written /written
$b mkdir /written/files /written/work
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576,cache=loose,ro machine /machine
$b mount -t overlay -o lowerdir=/machine,upperdir=/written/files,workdir=/written/work new /new
for folder in tmp run; do $b mount -t tmpfs -o mode=1777 $folder /new/$folder; done
for folder in proc sys dev; do $b mount --move /$folder /new/$folder; done
for folder in shm pts; do $b mkdir -p /new/dev/$folder; done
$b mount -t tmpfs shm /new/dev/shm
$b mount -t devpts pts /new/dev/pts
$b ln -s /proc/self/fd /new/dev/fd
for name in 0:stdin 1:stdout 2:stderr; do $b ln -s /proc/self/fd/${name%:*} /new/dev/${name#*:}; done
$b mount -t cgroup2 groups /new/sys/fs/cgroup
$b ip link set lo up
$b cp /guest.sh /project /new/run/
exec $b switch_root /new /bin/sh /run/guest.sh
END
chmod +x start/init
(cd start && find . | cpio -o -H newc --quiet | gzip -1) >start.gz
timeout "$seconds" qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu max -smp 2 -m 6G -nographic -no-reboot \
  -kernel "kernel/boot/vmlinuz-$version" -initrd start.gz -append "console=ttyS0 quiet panic=-1" \
  -virtfs local,path=/,mount_tag=machine,security_model=none,readonly=on,multidevs=remap \
  -device virtio-rng-pci -nic none </dev/null | tee log
grep -q '^all is as it should be' log

# attack: the kernel, by its settings under /proc and /sys
# wanted: OK
# after: settings are unchanged
# wall: own root without /sys; Landlock; no capability
# control: breach
# control-needs: root
import os

print("REACHED", flush=True)
for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/vm/overcommit_memory",
             "/proc/sysrq-trigger", "/sys/kernel/uevent_helper", "/sys/power/state"):
    try:
        os.close(os.open(path, os.O_WRONLY))
        print("BREACH: can write", path, flush=True)
    except OSError as error:
        print(path, error.errno)

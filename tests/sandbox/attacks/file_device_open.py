# attack: devices, by opening those that are there
# wanted: OK
# after: nothing
# wall: own /dev of five harmless devices; Landlock
# control: breach
# control-needs: root
import glob
import os

harmless = {"null", "zero", "full", "random", "urandom", "stdin", "stdout", "stderr", "fd"}
print("REACHED", flush=True)
names = {"/dev/mem", "/dev/kmsg", "/dev/kvm", "/dev/vda", "/dev/fuse", "/dev/ptmx"}
if @COUNT@ > 1000:
    names |= set(glob.glob("/dev/*"))
for name in sorted(names):
    if os.path.basename(name) in harmless or "watchdog" in name or os.path.isdir(name):
        continue
    try:
        os.close(os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY))
        print("BREACH: opened", name, flush=True)
    except OSError:
        pass

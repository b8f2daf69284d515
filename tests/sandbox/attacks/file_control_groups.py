# attack: the memory limit, by the control groups' files
# wanted: OK
# after: no control group more than before
# wall: own root without /sys; Landlock
# control: breach
import os

print("REACHED", flush=True)
for folder in ("/sys/fs/cgroup", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified", "/sys", "/sys/kernel"):
    try:
        names = os.listdir(folder)
    except OSError as error:
        print(folder, error.errno)
        continue
    if names:
        print("BREACH: sees", folder, names[:2], flush=True)

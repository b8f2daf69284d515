# attack: devices, by making a node of one
# wanted: RE
# after: no file is left
# wall: no capability; nodev mounts; seccomp
# control: breach
# control-needs: root
import os
import stat

print("REACHED", flush=True)
for folder in (os.environ.get("HOME", ""), os.environ.get("TMPDIR", ""), "/tmp", "/var/tmp"):
    node = os.path.join(folder, "@MARK@")
    try:
        os.mknod(node, stat.S_IFBLK | 0o600, os.makedev(7, 77))
    except OSError as error:
        print(folder, error.errno)
        continue
    os.unlink(node)
    print("BREACH: a device node", flush=True)
    break
else:
    raise SystemExit(1)

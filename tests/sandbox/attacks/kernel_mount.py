# attack: the mounts, by one of its own
# wanted: OK
# after: no mount more than before
# wall: seccomp; no capability
# control: breach
# control-needs: root
# control-in: mount namespace
# prints: EPERM
import ctypes
import errno

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
    print("BREACH: mounted", flush=True)
    libc.umount2(b"/tmp", 2)
else:
    print(errno.errorcode[ctypes.get_errno()])

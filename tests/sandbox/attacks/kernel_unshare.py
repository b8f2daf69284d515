# attack: the kernel behind user namespaces, by making one
# wanted: OK
# after: nothing
# wall: seccomp
# control: breach
# prints: EPERM
# control-needs: root
import ctypes
import errno

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x10000000, 0x20000000, 0x40000000, 0x04000000, 0x08000000, 0x02000000, 0x00020000, 0x00000080):
    ctypes.set_errno(0)
    if libc.unshare(flag) == 0:
        print("BREACH: unshared", hex(flag), flush=True)
    else:
        print(hex(flag), errno.errorcode[ctypes.get_errno()])

# attack: other processes, by reading and writing their memory
# wanted: OK
# after: the process runs
# wall: seccomp; pid namespace; other user
# control: breach
# prints: EPERM
import ctypes
import errno
import os

print("REACHED", flush=True)
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(8)
local = (ctypes.c_uint64 * 2)(ctypes.addressof(buffer), 8)
remote = (ctypes.c_uint64 * 2)(@VICTIM_ADDRESS@, 8)
for pid in (@VICTIM@, os.getppid(), 1):
    for name in ("process_vm_readv", "process_vm_writev"):
        ctypes.set_errno(0)
        call = getattr(libc, name)
        if call(pid, local, ctypes.c_ulong(1), remote, ctypes.c_ulong(1), ctypes.c_ulong(0)) > 0:
            print("BREACH:", name, pid, buffer.raw, flush=True)
        else:
            print(name, errno.errorcode[ctypes.get_errno()])

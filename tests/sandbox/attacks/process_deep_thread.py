# attack: none: a thread with a stack of 256 MiB and a recursion 100,000 deep must work
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
# memory: 1024
# time: 4
import sys
import threading

sys.setrecursionlimit(200000)
threading.stack_size(256 << 20)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


print("REACHED", flush=True)
thread = threading.Thread(target=lambda: print(depth(100000)))
thread.start()
thread.join()

# attack: the process table, by forks without end
# wanted: OK
# after: no process more than before
# wall: seccomp (fork, clone without CLONE_THREAD)
# control: breach
# prints: refused
import os
import time

print("REACHED", flush=True)
children = 0
for _ in range(@COUNT@):
    try:
        pid = os.fork()
    except OSError as error:
        print("refused", error.errno, flush=True)
        break
    if pid == 0:
        time.sleep(0.2)
        os._exit(0)
    children += 1
if children:
    print("BREACH:", children, "children", flush=True)

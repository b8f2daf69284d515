# attack: the speed of other processes, by their priority, policy and processors
# wanted: OK
# after: the next program runs
# wall: seccomp
# control: breach
import os

print("REACHED", flush=True)
for pid in (os.getppid(), 1):
    for name, attempt in (("affinity", lambda: os.sched_setaffinity(pid, os.sched_getaffinity(pid))),
                          ("policy", lambda: os.sched_setscheduler(pid, os.SCHED_BATCH, os.sched_param(0))),
                          ("priority", lambda: os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid)))):
        try:
            attempt()
            print("BREACH:", name, "of", pid, flush=True)
        except OSError as error:
            print(name, pid, error.errno)

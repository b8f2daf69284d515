# attack: the process that started the program, by what can be written in its /proc folder
# wanted: OK
# after: nothing
# wall: other user or undumpable parent; own /proc, or none; Landlock
# control: breach
import os

print("REACHED", flush=True)
for name in ("oom_score_adj", "comm", "timerslack_ns", "coredump_filter", "clear_refs", "uid_map", "setgroups", "autogroup", "loginuid"):
    for pid in (os.getppid(), 1):
        try:
            os.close(os.open(f"/proc/{pid}/{name}", os.O_WRONLY))
            print("BREACH: can write", pid, name, flush=True)
        except OSError as error:
            print(pid, name, error.errno)

# attack: the filter, by exec of another program: it must stay in force
# wanted: OK or RE
# after: no process more than before
# wall: seccomp is inherited over exec
# control: breach
import os

print("REACHED", flush=True)
code = """
import os
try:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    print("BREACH: a fork after exec", flush=True)
except OSError as error:
    print("refused after exec")
"""
os.execv("/usr/bin/python3", ["python3", "-S", "-c", code])

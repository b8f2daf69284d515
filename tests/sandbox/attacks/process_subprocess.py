# attack: process creation, by the subprocess module
# wanted: OK
# after: no process more than before
# wall: seccomp
# control: breach
# prints: Error
import subprocess
import sys

print("REACHED", flush=True)
for command in (["/bin/echo", "hello"], [sys.executable or "/usr/bin/python3", "-c", "print('hello')"]):
    try:
        print("BREACH:", subprocess.run(command, stdout=subprocess.PIPE).stdout, flush=True)
    except OSError as error:
        print(type(error).__name__)

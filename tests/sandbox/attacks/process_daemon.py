# attack: survival: fork, setsid, fork again; the daemon writes when the program has long ended
# wanted: OK
# after: no process more than before; no file of the daemon
# wall: seccomp; pid namespace
# control: breach
# prints: EPERM
import errno
import os
import time

print("REACHED", flush=True)
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            print("BREACH: a daemon", flush=True)
            time.sleep(0.1)
            with open("@FOLDER@/@MARK@", "w") as file:
                file.write("the daemon was here")
            os._exit(0)
        os._exit(0)
    os.wait()
    time.sleep(0.3)
except OSError as error:
    print(errno.errorcode[error.errno])

# attack: a reader of the harness's folder, by a FIFO in it
# wanted: OK
# after: no file is left
# wall: own root; Landlock
# control: breach
import os

print("REACHED", flush=True)
try:
    os.mkfifo("@FOLDER@/@MARK@")
    print("BREACH: a FIFO", flush=True)
except OSError as error:
    print(error.errno)

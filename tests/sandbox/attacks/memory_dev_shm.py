# attack: shared memory that outlives the program, by a file in /dev/shm
# wanted: OK or OLE or RE
# after: no file is left
# wall: own mount namespace; Landlock
# control: left
print("REACHED", flush=True)
try:
    with open("/dev/shm/@MARK@", "wb") as file:
        file.write(b"x" * (10 << 20))
except OSError as error:
    print("refused", error.errno)

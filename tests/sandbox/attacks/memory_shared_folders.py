# attack: files that outlive the program, in every folder that systems leave open to all
# wanted: OK or OLE or RE
# after: no file is left
# wall: own mount namespace; Landlock
# control: left
print("REACHED", flush=True)
for folder in ("/tmp", "/var/tmp", "/run/lock", "/dev/shm", "/dev/mqueue", "/var/crash", "/run/user/@UID@"):
    try:
        open(folder + "/@MARK@", "w").close()
    except OSError as error:
        print(folder, error.errno)

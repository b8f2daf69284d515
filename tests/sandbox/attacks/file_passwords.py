# attack: the machine's files, by reading the password file
# wanted: RE
# after: nothing of it in the output
# wall: own root; Landlock
# control: breach
print("REACHED", flush=True)
with open("/etc/passwd") as file:
    print("BREACH:", file.readline(), flush=True)

# attack: the harness's files, by reading one that everybody may read
# wanted: RE
# after: nothing of it in the output
# wall: own root; Landlock
# control: breach
print("REACHED", flush=True)
with open("@SECRET@") as file:
    print("BREACH:", file.readline(), flush=True)

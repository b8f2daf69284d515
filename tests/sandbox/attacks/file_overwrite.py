# attack: the harness's files, by writing over one that everybody may write
# wanted: RE
# after: the file is unchanged
# wall: own root; Landlock
# control: breach
print("REACHED", flush=True)
with open("@TARGET@", "r+") as file:
    file.write("overwritten")
print("BREACH: overwritten", flush=True)

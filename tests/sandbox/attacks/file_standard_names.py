# attack: none: the standard descriptors have their usual names
# wanted: OK
# after: its output is exact
# wall: none needed
# control: same
# library: the devices
# stdin: 10
print("REACHED", flush=True)
with open("/dev/stdin") as file:
    data = file.read()
with open("/dev/stdout", "a") as file:
    file.write(f"{len(data)} bytes\n")
with open("/dev/stderr", "a") as file:
    file.write("and an error\n")

# attack: resource limits: it lifts each of them (but that of the stack, which memory bounds), then spins
# wanted: TLE
# after: no limit is above what was set
# wall: hard limits without CAP_SYS_RESOURCE
# control: breach
import resource

print("REACHED", flush=True)
for name in ("CPU", "AS", "FSIZE", "NOFILE", "CORE"):
    number = getattr(resource, "RLIMIT_" + name)
    soft, hard = resource.getrlimit(number)
    for wanted in ((resource.RLIM_INFINITY,) * 2, (hard, hard)):
        try:
            resource.setrlimit(number, wanted)
        except (OSError, ValueError):
            continue
        now = resource.getrlimit(number)[0]
        if 0 <= soft and (now < 0 or now > 2 * soft + 2):
            print("BREACH:", name, "was raised from", soft, "to", now, flush=True)
        break
if @COUNT@ > 1000:
    while True:
        pass

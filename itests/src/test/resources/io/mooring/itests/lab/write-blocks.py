# Writes numbered blocks without syncing each: the client holds them back, sends them unstable, and must send them again when the
# server was restarted before COMMIT. Arguments: FILE JOURNAL STOP SECONDS. The journal says how many blocks were synced.
import os, sys, time

path, journal, stop, seconds = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
BLOCK = 65536
file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
started = time.monotonic()
number = 0
with open(journal, "w", buffering=1) as out:
    while time.monotonic() - started < seconds and not os.path.exists(stop):
        try:
            for _ in range(16):
                os.write(file, (b"%015d\n" % number) * (BLOCK // 16))
                number += 1
            os.fsync(file)
            out.write("synced %d\n" % number)
        except OSError as problem:
            out.write("error %d %s\n" % (number, problem.strerror))
        time.sleep(0.2)
    os.close(file)

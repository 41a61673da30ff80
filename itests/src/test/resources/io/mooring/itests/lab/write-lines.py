# Appends a numbered line and syncs it, every 100 ms; says for each line when the write began and when it was durable.
# Arguments: FILE JOURNAL STOP SECONDS: ends when the file STOP exists, after SECONDS at the latest.
import os, sys, time

path, journal, stop, seconds = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
started = time.monotonic()
number = 0
with open(journal, "w", buffering=1) as out:
    while time.monotonic() - started < seconds and not os.path.exists(stop):
        begin = time.monotonic()
        try:
            os.write(file, b"%d\n" % number)
            os.fsync(file)
            out.write("line %d %.6f %.6f\n" % (number, begin, time.monotonic()))
        except OSError as problem:
            out.write("error %d %.6f %.6f %s\n" % (number, begin, time.monotonic(), problem.strerror))
        number += 1
        time.sleep(max(0.0, 0.1 - (time.monotonic() - begin)))
    try:
        os.close(file)
    except OSError as problem:
        out.write("error %d 0 0 close: %s\n" % (number, problem.strerror))

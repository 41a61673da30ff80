# Waits for the lock of a whole file (F_SETLKW), and holds it until it is told to let it go. Arguments: PATH HELD STOP: it makes the
# file HELD when it has the lock, and lets it go when the file STOP exists. Prints when it asked, when it got it, and when it let
# it go, in nanoseconds of the time of day.
import fcntl, os, sys, time

path, held, stop = sys.argv[1:]
with open(path, "a") as file:
    print(time.time_ns())
    fcntl.lockf(file, fcntl.LOCK_EX)
    print(time.time_ns())
    open(held, "w").close()
    while not os.path.exists(stop):
        time.sleep(0.02)
    print(time.time_ns())
    fcntl.lockf(file, fcntl.LOCK_UN)

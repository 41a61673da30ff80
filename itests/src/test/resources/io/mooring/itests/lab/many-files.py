# Creates, lists, renames and removes files of one directory, by several processes at once, and prints the milliseconds of each.
# Arguments: DIRECTORY FILES PROCESSES
import os, sys, time

directory, files, processes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.mkdir(directory)
os.chdir(directory)


def forget():
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("3")


def share(call):
    children = []
    for first in range(processes):
        child = os.fork()
        if child == 0:
            for number in range(first, files, processes):
                call(number)
            os._exit(0)
        children.append(child)
    if any([os.waitpid(child, 0)[1] for child in children]):
        raise SystemExit("a child failed")


def create(number):
    os.close(os.open("old%d" % number, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))


def timed(what, call, *arguments):
    begin = time.monotonic()
    result = call(*arguments)
    print("%s %d" % (what, (time.monotonic() - begin) * 1000))
    return result


def names(prefix):
    return {"%s%d" % (prefix, number) for number in range(files)}


def check(prefix):
    found = os.listdir(".")
    if len(found) != files or set(found) != names(prefix):
        raise SystemExit("%d names listed, not the %d that were made" % (len(found), files))


timed("created", share, create)
forget()
timed("listed", check, "old")
timed("renamed", share, lambda number: os.rename("old%d" % number, "new%d" % number))
forget()
timed("listed", check, "new")
timed("removed", share, lambda number: os.unlink("new%d" % number))
if os.listdir("."):
    raise SystemExit("not all are gone")
os.chdir("/")
os.rmdir(directory)

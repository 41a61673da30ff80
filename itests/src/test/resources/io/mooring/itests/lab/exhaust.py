# Uses a file system up and looks at what was acknowledged: writes synced files (or empty ones) until that is refused, reads all back
# from the server, makes room, and goes on. Prints how many were made and every error's name. Arguments: DIRECTORY bytes|names
import errno, os, sys

directory, kind = sys.argv[1], sys.argv[2]
os.chdir(directory)
SIZE = 1 << 20 if kind == "bytes" else 0
MOST = 10000


def content(number):
    return (b"%015d\n" % number * (SIZE // 16))[:SIZE]


def make(number):
    file = os.open("f%d" % number, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o644)
    try:
        data = content(number)
        while data:
            data = data[os.write(file, data):]
        os.fsync(file)
    except OSError:
        try:
            os.close(file)
        except OSError:
            pass
        raise
    os.close(file)


def refusal(call, *arguments):
    try:
        call(*arguments)
        return "none"
    except OSError as problem:
        return errno.errorcode[problem.errno]


def check(numbers):
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("3")
    for number in numbers:
        with open("f%d" % number, "rb") as file:
            if file.read() != content(number):
                raise SystemExit("f%d is not what was acknowledged" % number)


made = 0
while made < MOST:
    error = refusal(make, made)
    if error != "none":
        break
    made += 1
print("made %d then %s" % (made, error))
if kind == "names":
    print("mkdir %s symlink %s" % (refusal(os.mkdir, "d"), refusal(os.symlink, "to", "s")))
check(range(made))
if os.path.exists("f%d" % made):
    os.unlink("f%d" % made)
os.unlink("f0")
make(made)
check(range(1, made + 1))
print("room again")

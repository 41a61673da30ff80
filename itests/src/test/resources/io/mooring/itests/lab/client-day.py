# What programs do with files, each thing checked; prints the names of what failed, with the reason. Arguments: DIRECTORY THING...
import errno, mmap, os, socket, stat, sys, time, traceback

top = sys.argv[1]


def put(name, data, flags=os.O_CREAT | os.O_WRONLY | os.O_TRUNC):
    file = os.open(name, flags, 0o644)
    try:
        assert os.write(file, data) == len(data)
        os.fsync(file)
    finally:
        os.close(file)


def get(name):
    with open(name, "rb") as file:
        return file.read()


def forget():
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("3")


def expect(number, call, *arguments):
    try:
        call(*arguments)
    except OSError as problem:
        assert problem.errno == number, "%s, not %s" % (problem, errno.errorcode[number])
    else:
        raise AssertionError("no " + errno.errorcode[number])


def names_at_last(wanted):
    """The client removes what it kept for an open file after the close, and does not wait for that."""
    patience = time.monotonic() + 10
    while os.listdir(".") != wanted:
        assert time.monotonic() < patience, os.listdir(".")
        time.sleep(0.01)


def in_child(call):
    child = os.fork()
    if child == 0:
        try:
            call()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    return child


def links():
    put("a", b"data")
    os.link("a", "b")
    os.link("b", "c")
    assert os.stat("a").st_nlink == 3 and os.path.samefile("a", "c")
    os.unlink("a")
    forget()
    assert os.stat("b").st_nlink == 2 and get("c") == b"data"
    expect(errno.EEXIST, os.link, "b", "c")
    os.mkdir("d")
    expect(errno.EPERM, os.link, "d", "e")


def symlinks():
    for length in (1, 59, 60, 1000, 1023):
        os.symlink("x" * length, "s%d" % length)
    forget()
    for length in (1, 59, 60, 1000, 1023):
        assert os.readlink("s%d" % length) == "x" * length
        assert os.lstat("s%d" % length).st_size == length
    os.symlink(b"bytes \xff\xfe", b"odd")
    assert os.readlink(b"odd") == b"bytes \xff\xfe"
    os.symlink("loop", "loop")
    expect(errno.ELOOP, os.stat, "loop")
    os.mkdir("d")
    put("d/file", b"through")
    os.symlink("d", "way")
    assert get("way/file") == b"through"


def fifos_and_sockets():
    os.mkfifo("fifo")
    assert stat.S_ISFIFO(os.stat("fifo").st_mode)
    child = in_child(lambda: open("fifo", "wb").write(b"hello"))
    assert get("fifo") == b"hello"
    assert os.waitpid(child, 0)[1] == 0
    server = socket.socket(socket.AF_UNIX)
    server.bind("socket")
    assert stat.S_ISSOCK(os.stat("socket").st_mode)
    server.close()


def sparse_and_large():
    beyond = (4 << 30) + 123
    file = os.open("large", os.O_CREAT | os.O_RDWR, 0o644)
    os.pwrite(file, b"end", beyond)
    os.pwrite(file, b"mid", (2 << 30) - 1)
    os.fsync(file)
    forget()
    assert os.fstat(file).st_size == beyond + 3
    assert os.fstat(file).st_blocks < 1024
    assert os.pread(file, 10, beyond - 2) == b"\0\0end"
    assert os.pread(file, 4, (2 << 30) - 2) == b"\0mid"
    assert os.pread(file, 10, 3 << 30) == bytes(10)
    os.ftruncate(file, (5 << 40))
    assert os.fstat(file).st_size == 5 << 40
    os.close(file)
    os.unlink("large")


def memory_mapped():
    put("mapped", bytes(1 << 20))
    with open("mapped", "r+b") as file:
        with mmap.mmap(file.fileno(), 1 << 20) as memory:
            for offset in range(0, 1 << 20, 4096):
                memory[offset : offset + 8] = b"%08d" % offset
            memory.flush()
    forget()
    data = get("mapped")
    assert all(data[o : o + 8] == b"%08d" % o for o in range(0, 1 << 20, 4096))
    with open("mapped", "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory:
        assert memory[4096:4104] == b"00004096"


def appends():
    def append(letter):
        file = os.open("appended", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644)
        for number in range(300):
            os.write(file, (letter * 20 + "%d\n" % number).encode())
            if number % 50 == 0:
                os.fsync(file)
        os.close(file)

    children = [in_child(lambda: append("a")), in_child(lambda: append("b"))]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    forget()
    lines = get("appended").decode().splitlines()
    assert sorted(lines) == sorted(l * 20 + str(n) for l in "ab" for n in range(300)), "%d lines" % len(lines)


def truncates():
    put("t", b"0123456789" * 1000)
    os.truncate("t", 15)
    assert get("t") == b"012345678901234"
    os.truncate("t", 5000)
    forget()
    assert get("t") == b"012345678901234" + bytes(4985)
    put("t", b"new")
    assert get("t") == b"new"
    file = os.open("t", os.O_RDWR)
    os.write(file, b"x" * 9000)
    os.ftruncate(file, 4097)
    os.pwrite(file, b"y", 8192)
    os.close(file)
    forget()
    assert get("t") == b"x" * 4097 + bytes(4095) + b"y"


def timestamps():
    put("t", b"x")
    os.utime("t", ns=(1_000_000_000_123_456_789, 1_500_000_000_987_654_321))
    forget()
    found = os.stat("t")
    assert found.st_mtime_ns == 1_500_000_000_987_654_321 and found.st_atime_ns == 1_000_000_000_123_456_789
    os.chmod("t", 0o600)
    assert os.stat("t").st_ctime_ns > found.st_ctime_ns and os.stat("t").st_mtime_ns == found.st_mtime_ns
    put("t", b"y")
    assert os.stat("t").st_mtime_ns > found.st_mtime_ns
    before = os.stat(".").st_mtime_ns
    put("u", b"")
    assert os.stat(".").st_mtime_ns > before
    # The client cuts the fraction off the very last second of 32 bits.
    latest = ((1 << 32) - 1) * 1_000_000_000 - 1
    os.utime("t", ns=(0, latest))
    forget()
    found = os.stat("t")
    times = (found.st_atime_ns, found.st_mtime_ns)
    assert times == (0, latest), times
    os.utime("t")
    assert abs(os.stat("t").st_mtime_ns - os.stat("t").st_atime_ns) < 1_000_000_000


def names():
    wanted = set()
    for byte in set(range(1, 256)) - {ord("/")}:
        wanted.add(b"n" + bytes([byte]))
        wanted.add(bytes([byte]) * 255)
    for name in wanted:
        put(name, name)
    forget()
    assert set(os.listdir(b".")) == wanted
    for name in wanted:
        assert get(name) == name
        os.unlink(name)
    assert os.listdir(b".") == []
    expect(errno.ENAMETOOLONG, put, b"x" * 256, b"")


def deep():
    start = os.getcwd()
    for level in range(100):
        os.mkdir("level%d-%s" % (level, "x" * 80))
        os.chdir("level%d-%s" % (level, "x" * 80))
    put("bottom", b"deep")
    forget()
    assert get("bottom") == b"deep"
    os.unlink("bottom")
    for level in reversed(range(100)):
        os.chdir("..")
        os.rmdir("level%d-%s" % (level, "x" * 80))
    assert os.getcwd() == start


def open_files_replaced():
    put("old", b"old")
    put("new", b"new")
    file = os.open("old", os.O_RDWR)
    os.rename("new", "old")
    forget()
    assert get("old") == b"new"
    assert os.pread(file, 10, 0) == b"old"
    os.pwrite(file, b"OLD", 0)
    os.fsync(file)
    assert get("old") == b"new"
    os.close(file)
    names_at_last(["old"])


def open_files_removed():
    put("gone", b"still")
    file = os.open("gone", os.O_RDWR)
    os.unlink("gone")
    expect(errno.ENOENT, os.stat, "gone")
    forget()
    assert os.pread(file, 10, 0) == b"still"
    os.pwrite(file, b"here!", 5)
    os.fsync(file)
    assert os.fstat(file).st_size == 10
    os.close(file)
    names_at_last([])


def renames():
    os.makedirs("a/b")
    os.makedirs("c/full")
    put("f", b"1")
    put("g", b"2")
    os.rename("f", "g")
    assert get("g") == b"1"
    os.rename("a/b", "moved")
    expect(errno.EINVAL, os.rename, "c", "c/full/below")
    expect(errno.ENOTEMPTY, os.rename, "moved", "c")
    expect(errno.EISDIR, os.rename, "g", "moved")
    expect(errno.ENOTDIR, os.rename, "moved", "g")
    expect(errno.ENOTEMPTY, os.rmdir, "c")
    os.rename("moved", "a/again")
    forget()
    assert sorted(os.listdir(".")) == ["a", "c", "g"] and os.listdir("a") == ["again"]


def permissions():
    for mode in (0o644, 0o600, 0o000, 0o7777, 0o1777, 0o2755, 0o4711):
        put("p%o" % mode, b"x")
        os.chmod("p%o" % mode, mode)
    os.umask(0)
    os.mkdir("d", 0o1777)
    forget()
    for mode in (0o644, 0o600, 0o000, 0o7777, 0o1777, 0o2755, 0o4711):
        assert stat.S_IMODE(os.stat("p%o" % mode).st_mode) == mode, oct(mode)
    assert stat.S_IMODE(os.stat("d").st_mode) == 0o1777


failed = False
for thing in sys.argv[2:]:
    place = "%s/%s" % (top, thing)
    os.mkdir(place)
    os.chdir(place)
    try:
        globals()[thing]()
    except Exception:
        failed = True
        print("%s: %s" % (thing, traceback.format_exc()))
    os.chdir("/")
sys.exit(failed)

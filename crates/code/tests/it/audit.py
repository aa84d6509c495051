# Runs every program of a folder in a child of its own and tells what it really did, one event a line.
# Nothing outside of the scratch folder is touched: such an event is told, then refused.
import os, sys, signal, shutil

programs, scratch = sys.argv[1], sys.argv[2]
out = open(sys.argv[3], "w", encoding="utf-8", errors="backslashreplace")
import json, re, glob, pathlib, subprocess, tempfile, io, collections, functools, itertools, base64, shutil, datetime  # warm
import importlib, threading, atexit, urllib.request, socket, sqlite3, zipfile, gzip, codecs, ast, contextlib, dataclasses  # warm
tempfile.gettempdir()
LIBRARY = tuple({os.path.realpath(p) for p in sys.path if p} | {os.path.realpath(sys.prefix + "/lib"), "/usr/lib", "/usr/local/lib", "/usr/share", "/etc/python3", "/proc/", "/etc/mime", "/etc/localtime", "/etc/resolv", "/etc/hosts", "/etc/nsswitch", "/dev/null", "/etc/ssl"})
active = None
name = ""

def text(value):
    if isinstance(value, bytes):
        value = os.fsdecode(value)
    return str(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")

def tell(*parts):
    out.write("\t".join([name] + [text(p) for p in parts]) + "\n")
    out.flush()

def inside(path):
    return os.path.abspath(os.fsdecode(path)).startswith(scratch)

busy = False
def hook(event, args):
    global busy
    if active is None or busy:
        return
    busy = True
    try:
        judge(event, args)
    finally:
        busy = False

def judge(event, args):
    if event == "open":
        path, mode, flags = args
        if isinstance(path, int) or path is None:
            return
        path = os.path.abspath(os.fsdecode(path))
        writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
        if not writes and path.startswith(LIBRARY) and not path.startswith(scratch):
            return
        if writes and "__pycache__" in path:
            return
        tell("write" if writes else "read", path)
        if writes and flags & os.O_RDWR:
            tell("read", path)
        if not inside(path):
            raise RuntimeError("refused")
    elif event in ("os.remove", "os.rmdir"):
        tell("delete", os.path.abspath(os.fsdecode(args[0])))
        if not inside(args[0]):
            raise RuntimeError("refused")
    elif event in ("os.rename", "os.link", "os.symlink"):
        tell("write", os.path.abspath(os.fsdecode(args[1])))
        if event == "os.rename":
            tell("write", os.path.abspath(os.fsdecode(args[0])))
        if not (inside(args[0]) and inside(args[1])):
            raise RuntimeError("refused")
    elif event in ("os.mkdir", "os.chmod", "os.chown", "os.truncate", "os.utime"):
        if "__pycache__" in str(args[0]):
            return
        tell("mkdir" if event == "os.mkdir" else "write", os.path.abspath(os.fsdecode(args[0])))
        if not inside(args[0]):
            raise RuntimeError("refused")
    elif event in ("os.listdir", "os.scandir"):
        if isinstance(args[0], int):
            return
        path = os.path.abspath(os.fsdecode(args[0] or "."))
        if path.startswith(LIBRARY):
            return
        tell("list", path)
    elif event == "os.system":
        tell("shell", args[0])
        raise RuntimeError("refused")
    elif event == "subprocess.Popen":
        words = args[1] if isinstance(args[1], (list, tuple)) else [args[1]]
        tell("process", *[os.fsdecode(w) if not isinstance(w, str) else w for w in words])
        raise RuntimeError("refused")
    elif event in ("os.exec", "os.posix_spawn", "os.spawn"):
        words = args[1] if event != "os.spawn" else args[2]
        tell("process", args[0] if event != "os.spawn" else args[1], *list(words)[1:])
        raise RuntimeError("refused")
    elif event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        host = args[1][0] if event == "socket.connect" and isinstance(args[1], tuple) else args[0]
        tell("host", host)
        raise RuntimeError("refused")
    elif event == "urllib.Request":
        tell("host", args[0].split("/")[2] if "//" in args[0] else args[0])
        raise RuntimeError("refused")
    elif event in ("compile", "exec"):
        frame = sys._getframe(2)
        if frame.f_code.co_filename == "<program>":
            tell("code")
    elif event in ("ctypes.dlopen", "ctypes.dlsym", "pickle.find_class", "webbrowser.open", "os.kill", "os.putenv", "os.unsetenv", "pty.spawn", "sys.addaudithook", "signal.pthread_kill", "ftplib.connect", "smtplib.connect", "socket.bind"):
        tell("other", event)
        raise RuntimeError("refused")

sys.addaudithook(hook)

for entry in sorted(os.listdir(programs)):
    name = entry
    source = open(os.path.join(programs, entry), encoding="utf-8").read()
    child = os.fork()
    if child == 0:
        os.setsid()
        work = os.path.join(scratch, "work")
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(os.path.join(work, "sub"))
        os.chdir(work)
        for file in ("a", "b", "c", "sub/d", "x", "x.py", ".env", "a.txt"):
            with open(file, "w") as f:
                f.write("text of %s\n" % file)
        os.environ["HOME"] = os.path.join(scratch, "home")
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        signal.alarm(10)
        try:
            code = compile(source, "<program>", "exec", dont_inherit=True)
        except BaseException:
            tell("invalid")
            out.flush()
            os._exit(0)
        active = True
        space = {"__name__": "__main__", "__builtins__": __builtins__}
        try:
            exec(code, space)
        except BaseException:
            pass
        try:
            space.clear()
            import gc
            gc.collect()
            atexit._run_exitfuncs()
        except BaseException:
            pass
        active = None
        out.flush()
        os._exit(0)
    os.waitpid(child, 0)
out.close()

// Judges the programs of a folder with Node, one event a line: whether it takes each for a script, a module or
// neither and, when asked to `run` them, what each really does in a process of its own.
// Nothing outside of the scratch folder is touched, nothing is started and nothing sent: such an event is told,
// then refused.
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const plain = text => String(text).replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/\t/g, "\\t");

function judge(code) {
  try {
    new vm.Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`);
    return ["script", ""];
  } catch (script) {
    try {
      new vm.SourceTextModule(code);
      return ["module", ""];
    } catch (module) {
      return ["neither", script.message, module.message];
    }
  }
}

function driver([programs, scratch, log, task]) {
  const out = fs.openSync(log, "w");
  const tell = (name, ...parts) => fs.writeSync(out, [name, ...parts.map(plain)].join("\t") + "\n");
  const names = fs.readdirSync(programs).sort();
  const runs = [];
  for (const name of names) {
    const code = fs.readFileSync(path.join(programs, name), "utf8");
    const [kind, ...why] = judge(code.startsWith("#!") ? `//${code}` : code);
    tell(name, kind, ...why);
    if (kind !== "neither" && task === "run") runs.push([name, code, kind]);
  }
  const { spawn } = require("child_process");
  const next = lane => {
    const one = runs.shift();
    if (!one) return;
    const [name, code, kind] = one;
    const work = path.join(scratch, `lane${lane}`, "work");
    const home = path.join(scratch, `lane${lane}`, "home");
    fs.rmSync(path.dirname(work), { recursive: true, force: true });
    for (const folder of [home, path.join(work, "sub"), path.join(work, "src")]) fs.mkdirSync(folder, { recursive: true });
    for (const file of ["a", "b", "c", "sub/d", "x", ".env", "a.txt", "b.txt"]) fs.writeFileSync(path.join(work, file), `text of ${file}\n`);
    for (const file of ["a.json", "package.json"]) fs.writeFileSync(path.join(work, file), "{\"version\": \"1.0.0\"}");
    // No file of the folder: `require` and what is relative start in the working directory all the same.
    const file = path.join(work, kind === "module" ? ".program.mjs" : ".program.cjs");
    fs.writeFileSync(file, code);
    const events = path.join(scratch, `events${lane}`);
    fs.writeFileSync(events, "");
    const child = spawn(process.execPath, ["--no-warnings", "-r", __filename, file], {
      cwd: work,
      stdio: "ignore",
      env: { PATH: process.env.PATH, HOME: home, PLACET_AUDIT: events, PLACET_SCRATCH: scratch, PLACET_PROGRAM: file },
      timeout: 20000,
      killSignal: "SIGKILL",
    });
    child.on("close", () => {
      for (const line of fs.readFileSync(events, "utf8").split("\n")) {
        // Every lane tells of the same folders.
        if (line) fs.writeSync(out, `${name}\t${line.split(`lane${lane}`).join("lane0")}\n`);
      }
      next(lane);
    });
  };
  for (let lane = 0; lane < 2; lane += 1) next(lane);
}

function audit() {
  const { PLACET_AUDIT: log, PLACET_SCRATCH: scratch, PLACET_PROGRAM: program } = process.env;
  for (const name of ["PLACET_AUDIT", "PLACET_SCRATCH", "PLACET_PROGRAM"]) delete process.env[name];
  const out = fs.openSync(log, "a");
  const write = fs.writeSync;
  const url = require("url");
  const tell = (...parts) => write(out, parts.map(plain).join("\t") + "\n");
  const refuse = () => {
    throw new Error("refused");
  };
  const place = given => path.resolve(given instanceof URL ? url.fileURLToPath(given) : Buffer.isBuffer(given) ? given.toString() : String(given));
  const seen = (kind, given) => {
    if (typeof given === "number" || given === undefined || given === null || typeof given === "object" && !(given instanceof URL) && !Buffer.isBuffer(given)) return;
    const at = place(given);
    if (at === program) return;
    tell(kind, at);
    if (!at.startsWith(scratch + path.sep)) refuse();
  };
  const opened = (given, flags = "r") => {
    const writes = typeof flags === "number" ? (flags & 3) !== 0 : /[wa+]/.test(flags);
    if (!writes || /\+/.test(String(flags))) seen("read", given);
    if (writes) seen("write", given);
  };
  const kinds = {
    read: ["readFile", "createReadStream"],
    write: ["writeFile", "appendFile", "createWriteStream", "truncate", "chmod", "chown", "utimes"],
    delete: ["unlink", "rm", "rmdir"],
    mkdir: ["mkdir"],
    list: ["readdir", "opendir"],
  };
  for (const files of [fs, fs.promises]) {
    const patch = (name, before) => {
      for (const one of [name, `${name}Sync`]) {
        const real = files[one];
        if (typeof real !== "function") continue;
        files[one] = function (...given) {
          before(...given);
          return Reflect.apply(real, this, given);
        };
      }
    };
    for (const [kind, names] of Object.entries(kinds)) for (const name of names) patch(name, given => seen(kind, given));
    patch("open", opened);
    for (const name of ["rename"]) patch(name, (from, to) => (seen("write", from), seen("write", to)));
    for (const name of ["copyFile", "cp"]) patch(name, (from, to) => (seen("read", from), seen("write", to)));
    for (const name of ["symlink", "link"]) patch(name, (from, to) => seen("write", to));
  }
  const programs = require("child_process");
  const started = (file, words, options) => {
    if (!Array.isArray(words)) [words, options] = [[], words];
    if (options && options.shell) tell("shell", [file, ...words].join(" "));
    else tell("process", file, ...words);
    refuse();
  };
  for (const name of ["exec", "execSync"]) programs[name] = text => (tell("shell", text), refuse());
  for (const name of ["spawn", "spawnSync", "execFile", "execFileSync"]) programs[name] = started;
  programs.fork = (file, words) => (tell("process", "node", file, ...(Array.isArray(words) ? words : [])), refuse());
  const host = given => {
    if (typeof given === "object" && given !== null && !(given instanceof URL)) return given.hostname || given.host || "localhost";
    return new URL(String(given.url || given)).hostname;
  };
  for (const module of [require("http"), require("https")]) {
    for (const name of ["request", "get"]) module[name] = given => (tell("host", host(given)), refuse());
  }
  globalThis.fetch = async given => (tell("host", host(given)), refuse());
  const net = require("net");
  for (const module of [net, require("tls")]) {
    for (const name of ["connect", "createConnection"]) {
      module[name] = (port, name) => (tell("host", typeof port === "object" ? host(port) : typeof name === "string" ? name : "localhost"), refuse());
    }
  }
  net.Socket.prototype.connect = () => (tell("other", "socket"), refuse());
  require("dgram").createSocket = () => (tell("other", "socket"), refuse());
  net.Server.prototype.listen = () => (tell("other", "server"), refuse());
  process.binding = name => (tell("other", name), refuse());
  process.dlopen = () => (tell("other", "library"), refuse());
  process.kill = () => (tell("other", "signal"), refuse());
  require("module").syncBuiltinESMExports();
  process.on("uncaughtException", () => {});
  setTimeout(() => process.exit(), 1500).unref();
}

if (process.env.PLACET_AUDIT) audit();
else driver(process.argv.slice(2));

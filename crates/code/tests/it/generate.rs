//! Small Python programs that touch files in roundabout ways.

/// Makes programs; the same seed gives the same ones.
pub(crate) struct Generator {
    state: u64,
    names: usize,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, names: 0 }
    }

    fn below(&mut self, count: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) as usize % count
    }

    fn one(&mut self, of: &[&str]) -> String {
        of[self.below(of.len())].to_owned()
    }

    fn fresh(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    pub(crate) fn program(&mut self) -> String {
        let mut out = String::from(
            "import os, sys, shutil, subprocess, json, functools\nfrom pathlib import Path\nident = lambda v: v\n",
        );
        let count = 1 + self.below(4);
        let mut known = Vec::new();
        for _ in 0..count {
            let body = self.statement(&mut known, 0);
            if self.below(3) > 0 {
                out.push_str("try:\n");
                out.push_str(&indent(&body));
                let handler =
                    if self.below(4) == 0 { self.statement(&mut known, 1) } else { "pass\n".to_owned() };
                out.push_str("except BaseException:\n");
                out.push_str(&indent(&handler));
            } else {
                out.push_str(&body);
            }
        }
        out
    }

    /// An expression that gives a path, as text or `Path`.
    fn path(&mut self, known: &[String], depth: usize) -> String {
        if depth > 3 {
            return self.one(&["'a'", "'b'", "'sub/d'"]);
        }
        let next = depth + 1;
        match self.below(26) {
            0..=3 => self.one(&["'a'", "\"b\"", "'c'", "'sub/d'", "'./x'", "r'a'", "'su' 'b/d'", "'\\x61'"]),
            4 | 5 if !known.is_empty() => known[self.below(known.len())].clone(),
            6 => format!("({} + {})", self.one(&["'sub/'", "'./'", "''"]), self.one(&["'d'", "'a'"])),
            7 => format!("f\"{{{}}}\"", self.path(known, next).replace('"', "'"))
                .replace("f\"{f'", "f\"{'")
                .replace("\\x61", "a"),
            8 => format!("os.path.join('sub', {})", self.path(known, next)),
            9 => format!("str({})", self.path(known, next)),
            10 => format!("Path({})", self.path(known, next)),
            11 => format!("(Path('sub') / {})", self.path(known, next)),
            12 => format!("[{}, 'b'][{}]", self.path(known, next), self.below(2)),
            13 => format!("{{'k': {}}}['k']", self.path(known, next)),
            14 => format!("{{'k': {}}}.get('k')", self.path(known, next)),
            15 => {
                format!("({} if os.path.exists('a') else {})", self.path(known, next), self.path(known, next))
            }
            16 => format!("({} or 'a')", self.path(known, next)),
            17 => format!("ident({})", self.path(known, next)),
            18 => format!("(lambda q: q)({})", self.path(known, next)),
            19 => format!("({})", self.path(known, next)),
            20 => format!("'%s' % ({},)", self.path(known, next)),
            21 => format!("'{{}}'.format({})", self.path(known, next)),
            22 => format!("'/'.join(['.', {}])", self.one(&["'a'", "'sub'", "'b'"])),
            23 => format!("next(iter([{}]))", self.path(known, next)),
            24 => format!("max([{}], key=lambda q: 1)", self.path(known, next)),
            _ => format!("functools.reduce(lambda p, q: q, ['a', {}])", self.path(known, next)),
        }
    }

    /// An expression that gives a function of one path.
    fn function(&mut self, known: &[String], depth: usize) -> String {
        if depth > 2 {
            return "os.remove".to_owned();
        }
        let next = depth + 1;
        match self.below(16) {
            0 | 1 => self.one(&["os.remove", "open", "os.listdir", "os.mkdir", "shutil.rmtree", "os.unlink"]),
            2 => "(lambda q: os.remove(q))".to_owned(),
            3 => "(lambda q: open(q, 'w').close())".to_owned(),
            4 => "(lambda q: Path(q).write_text('t'))".to_owned(),
            5 => "(lambda q: Path(q).unlink())".to_owned(),
            6 => format!("[{}][0]", self.function(known, next)),
            7 => format!("{{'f': {}}}['f']", self.function(known, next)),
            8 => format!("ident({})", self.function(known, next)),
            9 => "getattr(os, 're' + 'move')".to_owned(),
            10 => format!(
                "({} if os.path.exists('a') else {})",
                self.function(known, next),
                self.function(known, next)
            ),
            11 => "__import__('os').remove".to_owned(),
            12 => "(lambda q: os.system('rm ' + str(q)))".to_owned(),
            13 => "(lambda q: subprocess.run(['rm', str(q)]))".to_owned(),
            14 => format!("({} or print)", self.function(known, next)),
            _ => "(lambda q, r=os.remove: r(q))".to_owned(),
        }
    }

    fn sink(&mut self, known: &[String]) -> String {
        let path = self.path(known, 0);
        match self.below(22) {
            0 => format!("open({path}).read()"),
            1 => format!("open({path}, 'w').write('t')"),
            2 => format!("os.remove({path})"),
            3 => format!("Path({path}).unlink()"),
            4 => format!("Path({path}).read_text()"),
            5 => format!("os.rename({path}, 'moved')"),
            6 => format!("shutil.copy({path}, 'copy')"),
            7 => format!("os.system('cat ' + str({path}))"),
            8 => format!("subprocess.run(['cat', str({path})])"),
            9 => format!("subprocess.call('cat ' + str({path}), shell=True)"),
            10 => format!("{}({path})", self.function(known, 0)),
            11 => format!("list(map({}, [{path}, 'c']))", self.function(known, 0)),
            12 => format!("[{}(q) for q in [{path}, 'c']]", self.function(known, 0)),
            13 => format!("sorted([{path}], key={})", self.function(known, 0)),
            14 => format!("json.load(open({path}))"),
            15 => format!("(y := open({path})).close()"),
            16 => format!("functools.reduce(lambda p, q: {}(q), ['', {path}])", self.function(known, 0)),
            17 => format!("print(*[open(q).read() for q in ({path}, 'c') if q])"),
            18 => format!("os.makedirs(os.path.join(str({path}) + '.new', 'n'))"),
            19 => format!("shutil.move({path}, 'moved2')"),
            20 => format!("os.listdir(os.path.dirname(str({path})) or '.')"),
            _ => format!("any(os.remove(q) for q in [{path}])"),
        }
    }

    fn statement(&mut self, known: &mut Vec<String>, depth: usize) -> String {
        if depth > 2 {
            return format!("{}\n", self.sink(known));
        }
        let next = depth + 1;
        match self.below(26) {
            0..=4 => format!("{}\n", self.sink(known)),
            5..=7 => {
                let value = self.path(known, 0);
                let name = self.fresh();
                known.push(name.clone());
                format!("{name} = {value}\n{}", self.statement(known, next))
            }
            8 if !known.is_empty() => {
                let name = known[self.below(known.len())].clone();
                let value = self.path(known, 0);
                format!("{name} = {value}\n{}\n", self.sink(known))
            }
            9 => {
                let name = self.fresh();
                let function = self.function(known, 0);
                let path = self.path(known, 0);
                format!("{name} = {function}\n{name}({path})\n")
            }
            10 => format!(
                "for q in [{}, 'c']:\n    {}\n",
                self.path(known, 0),
                self.one(&["os.remove(q)", "open(q).read()", "Path(q).touch()"])
            ),
            11 => {
                let body = self.statement(known, next);
                format!("if os.path.exists('a'):\n{}else:\n    pass\n", indent(&body))
            }
            12 => {
                let name = self.fresh();
                let path = self.path(known, 0);
                format!(
                    "def {name}(p, mode='r'):\n    return open(p, mode)\n{name}({path}{})\n",
                    self.one(&["", ", 'w'", ", mode='a'"])
                )
            }
            13 => {
                let name = self.fresh();
                let mut inner = known.clone();
                let body = self.statement(&mut inner, next);
                format!("def {name}():\n{}    return 1\n{name}()\n", indent(&body))
            }
            14 => {
                let name = self.fresh();
                let path = self.path(known, 0);
                format!(
                    "class {name}:\n    def __init__(self, p):\n        self.p = p\n    def go(self):\n        {}\n{name}({path}).go()\n",
                    self.one(&["os.remove(self.p)", "open(self.p).read()", "return self.p"])
                )
            }
            15 => format!("with open({}) as f:\n    f.read()\n", self.path(known, 0)),
            16 => {
                let name = self.fresh();
                let (one, other) = (self.path(known, 0), self.path(known, 0));
                known.push(name.clone());
                format!(
                    "try:\n    {name} = {one}\n    int('x')\n    {name} = 'b'\nexcept ValueError:\n    open({name}).read()\nfinally:\n    {name} = {other}\n"
                )
            }
            17 => {
                let name = self.fresh();
                let path = self.path(known, 0);
                format!(
                    "{name} = 'a'\ndef set_{name}():\n    global {name}\n    {name} = {path}\nset_{name}()\nopen({name}).read()\n"
                )
            }
            18 => {
                let name = self.fresh();
                let path = self.path(known, 0);
                format!(
                    "{name} = ['a']\n{name}{}\nfor q in {name}:\n    open(q).read()\n",
                    self.one(&[
                        &format!(".append({path})"),
                        &format!("[0] = {path}"),
                        &format!(" += [{path}]"),
                        &format!(".insert(0, {path})")
                    ])
                )
            }
            19 => {
                let name = self.fresh();
                let path = self.path(known, 0);
                format!(
                    "{name} = ''\nwhile not {name}:\n    {name} = {path}\n    {}\nopen({name}).read()\n",
                    self.one(&["break", "continue", "pass"])
                )
            }
            20 => {
                let name = self.fresh();
                let function = self.function(known, 0);
                let path = self.path(known, 0);
                format!("def {name}(f, *a, **k):\n    return f(*a, **k)\n{name}({function}, {path})\n")
            }
            21 => {
                let name = self.fresh();
                let path = self.path(known, 0);
                format!(
                    "def {name}(f):\n    def inner(*a):\n        open({path}).read()\n        return f(*a)\n    return inner\n@{name}\ndef run_{name}(q):\n    os.remove(q)\nrun_{name}('c')\n"
                )
            }
            22 => {
                let name = self.fresh();
                let path = self.path(known, 0);
                format!(
                    "def {name}():\n    yield {path}\n    yield 'c'\nfor q in {name}():\n    {}\n",
                    self.one(&["open(q).read()", "os.remove(q)", "print(q)"])
                )
            }
            23 => {
                let path = self.path(known, 0);
                format!(
                    "match {path}:\n    case 'a' as q:\n        os.remove(q)\n    case q if q:\n        open(q).read()\n"
                )
            }
            24 => {
                let path = self.path(known, 0);
                format!("os.chdir({})\nopen({path}).read()\n", self.one(&["'sub'", "'.'", "Path('sub')"]))
            }
            _ => {
                let (one, other) = (self.fresh(), self.fresh());
                let (left, right) = (self.path(known, 0), self.path(known, 0));
                known.push(one.clone());
                known.push(other.clone());
                format!("{one}, {other} = {left}, {right}\n{}\n", self.sink(known))
            }
        }
    }
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

//! Rewrites against the real programs: what the rewritten line does is what the line would have done, but for what
//! the rewrite is there to prevent.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::world::World;

const POLICY: &str = r#"
name: rewrites
version: "1"
defaultEffect: abstain
rules:
  - name: lease
    effect: deny
    actions: ["execute:shell"]
    conditions: {command: {program: git, subcommand: push, does: [rewrite-history]}}
    unless: {command: {flags: {any: [force-with-lease]}}}
    rewrite: force-with-lease
  - name: no-scripts
    effect: allow
    actions: ["execute:shell"]
    conditions: {command: {program: npm, does: [install]}}
    rewrite: npm-ignore-scripts
  - name: trash
    effect: deny
    actions: ["execute:shell"]
    conditions: {command: {program: rm}}
    rewrite: trash-instead-of-rm
  - name: verbose
    effect: allow
    actions: ["execute:shell"]
    conditions: {command: {program: npm, subcommand: [run, test]}}
    rewrite: verbose-npm
  - {effect: allow, actions: ["execute:shell", "write:file"]}
"#;

/// What the gate makes of a line.
fn rewritten(world: &World, line: &str) -> String {
    world.write("policy.yaml", POLICY);
    let policy = world.path("policy.yaml").display().to_string();
    let ran = world.run(&["check", line, "--file", &policy, "--json"]);
    let command = &ran.json()["decision"]["rewrite"]["input"]["command"];
    command.as_str().unwrap_or_else(|| panic!("{line}: not rewritten: {}", ran.whole())).to_owned()
}

fn shell(folder: &Path, home: &Path, line: &str) -> Output {
    Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home)
        .envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_TERMINAL_PROMPT", "0")])
        .envs(["AUTHOR", "COMMITTER"].iter().flat_map(|who| {
            [(format!("GIT_{who}_NAME"), "n"), (format!("GIT_{who}_EMAIL"), "n@example.com")]
        }))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn done(folder: &Path, home: &Path, line: &str) -> String {
    let output = shell(folder, home, line);
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A bare repository, and a clone whose history was rewritten since it pushed.
struct Clone {
    world: World,
    clone: PathBuf,
}

impl Clone {
    fn new() -> Self {
        let world = World::new();
        let (home, clone) = (world.path("home"), world.path("home/clone"));
        done(&home, &home, "git init -q --bare -b main bare.git && git clone -q bare.git clone 2>&1");
        done(
            &clone,
            &home,
            "git checkout -q -b main; for c in 1 2; do echo $c > f; git add f; git commit -qm $c; done; \
             git push -q origin main; git branch other; git push -q origin other; \
             git commit -q --amend -m changed; git branch -f other main",
        );
        Self { world, clone }
    }

    fn run(&self, line: &str) -> Output {
        shell(&self.clone, &self.world.path("home"), line)
    }

    /// Somebody else pushes.
    fn push_elsewhere(&self) {
        let home = self.world.path("home");
        done(
            &home,
            &home,
            "git clone -q bare.git theirs && cd theirs && git commit -q --allow-empty -m theirs && git push -q",
        );
    }

    fn branches(&self) -> String {
        done(
            &self.world.path("home/bare.git"),
            &self.world.path("home"),
            "git for-each-ref --format='%(refname) %(subject)'",
        )
    }
}

const PUSHES: &[&str] = &[
    "git push --force",
    "git push -f",
    "git push -f origin main",
    "git push origin main --force",
    "git push -qf origin main",
    "git push origin +main",
    "git push origin +main +other",
    "git push -f origin main other",
    "git push -f origin HEAD:main",
    "git push -f origin main:fresh",
    "git push -uf origin main",
    "git push --force --no-verify origin main",
    "true && git push -f origin main 2>&1 | cat",
];

#[test]
fn a_push_with_a_lease_does_what_a_forced_one_does() {
    for line in PUSHES {
        let (one, two) = (Clone::new(), Clone::new());
        let instead = rewritten(&one.world, line);
        assert!(!instead.contains("--force ") && !instead.contains(" +"), "{instead}");
        let setting = "git config push.default current";
        let (plain, leased) =
            (one.run(&format!("{setting}; {line}")), two.run(&format!("{setting}; {instead}")));
        assert_eq!(
            plain.status.code(),
            leased.status.code(),
            "{line}: {}",
            String::from_utf8_lossy(&leased.stderr)
        );
        assert_eq!(one.branches(), two.branches(), "{line} -> {instead}");
    }
}

#[test]
fn a_push_with_a_lease_overwrites_nothing_unseen() {
    for line in PUSHES.iter().filter(|line| !line.contains("fresh") && !line.contains("dry-run")) {
        let (one, two) = (Clone::new(), Clone::new());
        one.push_elsewhere();
        two.push_elsewhere();
        let (before, instead) = (two.branches(), rewritten(&two.world, line));
        let setting = "git config push.default current";
        one.run(&format!("{setting}; {line}"));
        assert!(!one.branches().contains("theirs"), "{line} overwrites");
        let refused = two.run(&format!("{setting}; {instead}"));
        let main = |branches: &str| branches.lines().find(|line| line.contains("/main ")).map(str::to_owned);
        assert_eq!(main(&two.branches()), main(&before), "{instead}");
        assert!(!refused.status.success() || line.contains("| cat"), "{instead}");
    }
}

#[test]
fn what_is_trashed_is_what_rm_removes() {
    for line in [
        "rm a.txt",
        "rm -rf dir 'b c'",
        "rm -r dir/inner && ls > listing",
        "rm none",
        "rm dir",
        "rm -f none a.txt",
    ] {
        let world = World::new();
        let plant =
            "mkdir -p dir/inner; echo 1 > a.txt; echo 2 > 'b c'; echo 3 > dir/inner/x; ln -s a.txt dir/link";
        let home = world.path("home");
        for folder in ["home/project/one", "home/project/two"] {
            std::fs::create_dir_all(world.path(folder)).unwrap();
            done(&world.path(folder), &home, plant);
        }
        let instead = rewritten(&world, line);
        assert!(instead.starts_with("placet trash"), "{instead}");
        let plain = world.run_line(&format!("cd one && {line}"));
        let ours = world.run_line(&format!("cd two && {instead}"));
        let listing = |folder: &str| {
            done(&world.path(folder), &home, "find . | sort; cat listing 2> /dev/null || true")
        };
        assert_eq!(listing("home/project/one"), listing("home/project/two"), "{instead}");
        assert_eq!(plain.code, ours.code, "{instead}: {}", ours.whole());
    }
}

/// A project and a package beside it that each would run something when installed.
fn package(world: &World) -> PathBuf {
    let script = r#""scripts": {"preinstall": "echo ran > ../ran", "postinstall": "echo ran > ../ran", "prepare": "echo ran > ../ran", "build": "echo built"}"#;
    world.write(
        "home/project/app/dep/package.json",
        &format!("{{\"name\": \"dep\", \"version\": \"1.0.0\", {script}}}"),
    );
    world.write(
        "home/project/app/package.json",
        &format!("{{\"name\": \"app\", \"version\": \"1.0.0\", \"dependencies\": {{\"dep\": \"file:./dep\"}}, {script}}}"),
    );
    world.path("home/project/app")
}

fn npm(world: &World, folder: &Path, line: &str) -> Option<Output> {
    let is_there =
        Command::new("npm").arg("--version").stdout(Stdio::null()).status().is_ok_and(|done| done.success());
    let quiet = "export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false npm_config_offline=true";
    is_there.then(|| shell(folder, &world.path("home"), &format!("{quiet}; {line}")))
}

/// Where npm is not there, its documentation has to do: `--ignore-scripts` keeps it from running the scripts that
/// `package.json` files name.
#[test]
fn an_installation_without_scripts_installs_the_same() {
    for line in ["npm install", "npm i --no-save", "npm install ./dep", "npm ci"] {
        let installed = [line.to_owned(), rewritten(&World::new(), line)].map(|line| {
            let world = World::new();
            let app = package(&world);
            npm(&world, &app, "npm install --package-lock-only --ignore-scripts")?;
            let output = npm(&world, &app, &line)?;
            assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            let ran =
                ["ran", "app/ran"].iter().any(|name| world.path(&format!("home/project/{name}")).exists());
            let files =
                done(&app, &world.path("home"), "find . ! -name .package-lock.json | grep -v '/ran$' | sort");
            Some((ran, files))
        });
        let [Some((plain_ran, plain)), Some((ours_ran, ours))] = installed else { return };
        assert!(plain_ran && !ours_ran, "{line}: scripts ran: {plain_ran} and {ours_ran}");
        assert_eq!(plain, ours, "{line}");
    }
}

#[test]
fn npm_that_says_more_does_the_same() {
    let world = World::new();
    let app = package(&world);
    for line in ["npm run build", "npm run build -- --watch"] {
        let instead = rewritten(&world, line);
        let (Some(plain), Some(verbose)) = (npm(&world, &app, line), npm(&world, &app, &instead)) else {
            return;
        };
        let said = |output: &Output| String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert_eq!((said(&plain), plain.status.code()), (said(&verbose), verbose.status.code()), "{instead}");
        assert!(String::from_utf8_lossy(&verbose.stderr).contains("npm verbose"), "{instead}");
    }
}

/// The page about rewrites shows a policy and what it makes of some calls.
#[test]
fn the_page_tells_what_happens() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/policy/rewrites.md");
    let page = std::fs::read_to_string(page).unwrap();
    let policy = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let world = World::new();
    let file = world.write("policy.yaml", policy).display().to_string();
    let table = page.split("| call | what becomes of it |").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut seen = 0;
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let row = row.replace("\\|", "\u{1}");
        let cells: Vec<String> = row.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect();
        let call = cells[1].trim_matches('`');
        let ran = world.run(&["check", call, "--file", &file, "--json"]);
        let decision = ran.json()["decision"].clone();
        let became = match decision["rewrite"]["input"]["command"].as_str() {
            Some(command) => format!("`{command}`"),
            None => decision["decision"].as_str().unwrap().to_owned(),
        };
        let want = match cells[2].as_str() {
            "denied" => "deny",
            "asked" => "ask",
            other => other,
        };
        assert_eq!(became, want, "{call}");
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} rows");
}

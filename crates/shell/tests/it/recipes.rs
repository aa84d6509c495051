//! Files from which programs take commands: what they hold is looked through.

use std::collections::BTreeMap;

use placet_model::{Entries, EntryKind, Facts, LibraryId, Origin, Resource};
use placet_shell::{Context, analyse};

use crate::render::action;

/// A project at `/p` with these files; those marked were written by the session.
#[derive(Default)]
struct Project {
    files: BTreeMap<String, String>,
    written: Vec<String>,
}

impl Project {
    fn with(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), text.to_owned());
        self
    }

    fn wrote(mut self, path: &str, text: &str) -> Self {
        self.written.push(path.to_owned());
        self.with(path, text)
    }

    /// Actions behind the first command, on one line.
    fn shows(&self, line: &str) -> String {
        self.actions(line).iter().map(action).collect::<Vec<_>>().join(" ; ")
    }

    fn actions(&self, line: &str) -> Vec<placet_model::Action> {
        analyse(
            line,
            &Context {
                cwd: "/p",
                project: "/p",
                home: Some("/home/dev"),
                facts: self,
                added: LibraryId::NONE,
            },
        )
        .actions
    }
}

impl Facts for Project {
    fn variable(&self, name: &str) -> Option<String> {
        (name == "HOME").then(|| "/home/dev".to_owned())
    }
    fn canonical(&self, path: &str) -> Option<String> {
        Some(path.to_owned())
    }
    fn kind(&self, path: &str) -> Option<EntryKind> {
        let below = format!("{}/", path.trim_end_matches('/'));
        match self.files.contains_key(path) {
            true => Some(EntryKind::File),
            false => self.files.keys().any(|file| file.starts_with(&below)).then_some(EntryKind::Directory),
        }
    }
    fn text(&self, path: &str, limit_bytes: usize) -> Option<String> {
        self.files.get(path).filter(|text| text.len() <= limit_bytes).cloned()
    }
    fn entries(&self, _path: &str, _deep: bool, _limit: usize) -> Entries {
        Entries::Unknown
    }
    fn session_wrote(&self, path: &str) -> bool {
        self.written.iter().any(|written| written == path)
    }
}

const PACKAGE: &str = r#"{
  "name": "p", "workspaces": ["packages/*"],
  "scripts": {
    "test": "rm -rf ~", "clean": "rm -rf", "build": "frob --all $x", "prelint": "rm pre", "lint": "true",
    "postinstall": "rm installed", "loop": "npm run loop", "nested": "npm run -s lint", "deploy:now": "rm colon"
  }
}"#;

/// A line, and an action that must be among its actions. `!` in front: that must not be.
fn check(project: &Project, rows: &[(&str, &str)]) {
    for (line, want) in rows {
        let shown = project.shows(line);
        let found = |want: &str| shown.split(" ; ").any(|found| found == want);
        match want.strip_prefix('!') {
            Some(unwanted) => assert!(!found(unwanted), "{line}: {shown}"),
            None => assert!(found(want), "{line}: {shown}"),
        }
    }
}

#[test]
fn scripts_of_package_json() {
    let project = Project::default()
        .with("/p/package.json", PACKAGE)
        .with("/p/packages/a/package.json", r#"{"scripts": {"test": "rm a"}}"#)
        .with("/p/app/src/x.js", "");
    check(
        &project,
        &[
            ("npm test", "[npm test] delete /home/dev/**"),
            ("npm t", "[npm t test] delete /home/dev/**"),
            ("npm run test", "[npm run test] delete /home/dev/**"),
            ("npm run-script test", "[npm run-script test] delete /home/dev/**"),
            ("yarn test", "[yarn test] delete /home/dev/**"),
            ("yarn run test", "[yarn run test] delete /home/dev/**"),
            ("pnpm test", "[pnpm test] delete /home/dev/**"),
            ("pnpm lint", "[pnpm lint (prelint)] delete pre"),
            ("pnpm deploy:now", "[pnpm deploy:now] delete colon"),
            ("bun run test", "[bun run test] delete /home/dev/**"),
            ("bun lint", "[bun lint (prelint)] delete pre"),
            ("bun test", "![bun test] delete /home/dev/**"),
            ("node --run test", "[node test] delete /home/dev/**"),
            ("run-s lint test", "[run-s test] delete /home/dev/**"),
            ("npm run clean -- ~", "[npm run clean] delete /home/dev/**"),
            ("npm run clean ~", "[npm run clean] delete /home/dev/**"),
            ("yarn clean ~", "[yarn clean] delete /home/dev/**"),
            ("npm run lint", "[npm run lint (prelint)] delete pre"),
            ("npm run lint --ignore-scripts", "![npm run lint (prelint)] delete pre"),
            ("npm install", "[npm install (postinstall)] delete installed"),
            ("npm ci", "[npm ci (postinstall)] delete installed"),
            ("yarn", "[yarn (postinstall)] delete installed"),
            ("npm install left-pad", "![npm install (postinstall)] delete installed"),
            ("npm ci --ignore-scripts", "![npm ci (postinstall)] delete installed"),
            ("npm install -g x", "![npm install (postinstall)] delete installed"),
            ("npm run nested", "[npm run nested>npm run lint (prelint)] delete pre"),
            ("npm test -w packages/a", "[npm test] delete packages/a/a"),
            ("npm test -w packages/a", "![npm test] delete /home/dev/**"),
            ("npm test --workspaces", "![npm test] delete /home/dev/**"),
            ("npm --prefix packages/a test", "[npm test] delete packages/a/a"),
            ("cd app/src && npm test", "[npm test] delete /home/dev/**"),
            ("sudo npm test", "[sudo>npm test] delete /home/dev/**"),
            // The rest of what the project's own scripts do is the project's business.
            ("npm run build", "!unknown"),
            ("npm run build", "run npm run build"),
            ("npm run loop", "run npm run loop"),
            ("docker run x npm test", "![docker run>npm test] delete /home/dev/**"),
        ],
    );
}

#[test]
fn content_of_this_session_counts_fully() {
    let text = r#"{"scripts": {"x": "frob $y", "ok": "tsc -p .", "loop": "npm run loop"}}"#;
    let before = Project::default().with("/p/package.json", text);
    let now = Project::default().wrote("/p/package.json", text);
    let commands = |project: &Project, line: &str| project.shows(line).contains("run frob");
    assert!(!commands(&before, "npm run x"));
    assert!(commands(&now, "npm run x"), "{}", now.shows("npm run x"));
    assert!(now.shows("npm run loop").contains("unknown"));
    assert!(!now.shows("npm run ok").contains("unknown"), "{}", now.shows("npm run ok"));
    let broken = Project::default().wrote("/p/package.json", "{");
    assert!(broken.shows("npm run x").contains("unknown"));
    check(
        &Project::default(),
        &[
            ("echo '{\"scripts\":{\"x\":\"rm y\"}}' > package.json; npm run x", "[npm run x] delete y"),
            ("cp a package.json; npm run x", "unknown"),
            ("npm install a && npm test", "!unknown"),
            ("printf 'all:\\n\\trm y\\n' > Makefile; make", "[make all] delete y"),
            ("echo 'x: ; rm y' > j.mk; make -f j.mk", "[make x] delete y"),
            ("cp a j.mk; make -f j.mk", "unknown"),
            ("cp a justfile; just", "unknown"),
        ],
    );
    // What is known of a project's own recipe does not hide what this session put behind it.
    let behind = Project::default()
        .with("/p/Makefile", "all:\n\tbash gen.sh\n\tfrob\n")
        .wrote("/p/gen.sh", "frob \"$x\"\n$y\n");
    assert!(behind.shows("make").contains("[make all>gen.sh] unknown"), "{}", behind.shows("make"));
}

const MAKEFILE: &str = "\
OUT = build
DIRS := $(OUT) $(HOME)/x
SECRET := $(shell cat .env)
LATE = $(shell rm late)
ifdef DEBUG
FLAGS = -g
endif
include rules.mk
.PHONY: all clean

all: dep $(OUT)/a.o
\t@echo done $$HOME

dep: ; -@rm dep
clean:
\trm -rf $(OUT) \\
\t  other
\trm -rf $(TARGET)
wipe:
\trm -rf $(HOME)
dirs:
\trm -rf $(DIRS)
%.o: %.c
\trm object-$<
late:
\techo $(LATE)
sub:
\t$(MAKE) -C sub
auto: one two
\trm $@ $^
strange:
\tfrob $(call thing,1) && frob2
show:
\tcat .env
run:
\tset -a; . ./.env; node server.js
";

#[test]
fn targets_of_makefiles() {
    let project = Project::default()
        .with("/p/Makefile", MAKEFILE)
        .with("/p/rules.mk", "mk:\n\trm mk\n")
        .with("/p/.env", "A=1\n")
        .with("/p/sub/Makefile", "x:\n\trm inside\n")
        .with("/p/other.mk", "first:\n\trm other\nsecond:\n\trm second\n");
    check(
        &project,
        &[
            ("make", "[make dep] delete dep"),
            ("make", "[make build/a.o] delete object-build/a.c"),
            ("make", "[make $(shell)] read .env"),
            ("make -n", "![make dep] delete dep"),
            ("make -n", "[make $(shell)] read .env"),
            ("make clean", "[make clean] delete build/**"),
            ("make clean", "[make clean] delete other/**"),
            ("make clean TARGET=/", "[make clean] delete /**"),
            ("make OUT=~ clean", "[make clean] delete /home/dev/**"),
            ("make wipe", "[make wipe] delete /home/dev/**"),
            ("make dirs", "[make dirs] delete /home/dev/x/**"),
            ("make mk", "[make mk] delete mk"),
            ("make late", "[make late] delete late"),
            ("make sub", "[make sub>make x] delete sub/inside"),
            ("make -C sub", "[make x] delete sub/inside"),
            ("make -f other.mk", "[make first] delete other"),
            ("make -f other.mk second", "![make first] delete other"),
            ("make -f other.mk second", "[make second] delete second"),
            ("make auto", "[make auto] delete auto"),
            ("make auto", "[make auto] delete two"),
            ("make strange", "!unknown"),
            ("make show", "[make show] read .env"),
            // A program that loads it shows it to nobody.
            ("make run", "![make run] read .env"),
        ],
    );
    let shown = project.shows("make nothing-of-that-name");
    assert!(!shown.contains("unknown") && !shown.contains("[make nothing"), "{shown}");
    let now = Project::default().wrote("/p/Makefile", MAKEFILE);
    assert!(now.shows("make strange").contains("unknown"));
}

#[test]
fn recipes_of_justfiles_and_composer() {
    let text = "\
set shell := [\"bash\", \"-c\"]
dir := \"build\"
head := `rm early`
alias c := clean

default: clean
    @echo hi
clean:
    rm -rf {{dir}}
drop target='x':
    rm {{target}}
full: (drop \"y\")
    #!/usr/bin/env bash
    set -e
    rm full
";
    let project = Project::default().with("/p/justfile", text).with(
        "/p/composer.json",
        r#"{"scripts": {"post-install-cmd": ["@clear"], "clear": "rm cache", "lint": "phpcs"}}"#,
    );
    check(
        &project,
        &[
            ("just", "[just clean] delete build/**"),
            ("just c", "[just clean] delete build/**"),
            ("just clean", "[just (justfile)] delete early"),
            ("just drop", "[just drop] delete x"),
            ("just drop ~/y", "[just drop] delete /home/dev/y"),
            ("just full", "[just full] delete full"),
            ("just --list", "![just clean] delete build/**"),
            ("composer install", "[composer post-install-cmd>composer clear] delete cache"),
            ("composer run clear", "[composer clear] delete cache"),
            ("composer clear", "[composer clear] delete cache"),
            ("composer install --no-scripts", "![composer clear] delete cache"),
        ],
    );
}

#[test]
fn hooks_of_git() {
    let project = Project::default()
        .with("/p/.git/config", "[core]\n\tbare = false\n")
        .with("/p/.git/hooks/pre-commit", "#!/bin/sh\nrm -rf ~\nfrob\n")
        .with("/p/.git/hooks/pre-push", "#!/usr/bin/env python3\nimport os\n")
        .with("/p/sub/x", "");
    check(
        &project,
        &[
            ("git commit -m x", "[git commit (pre-commit)] delete /home/dev/**"),
            ("cd sub && git commit -m x", "[git commit (pre-commit)] delete /home/dev/**"),
            ("git commit -n -m x", "![git commit (pre-commit)] delete /home/dev/**"),
            ("git commit --no-verify -m x", "![git commit (pre-commit)] delete /home/dev/**"),
            ("git status", "![git commit (pre-commit)] delete /home/dev/**"),
            ("git push", "!unknown"),
        ],
    );
    let husky = Project::default()
        .with("/p/.git/config", "[core]\n\thooksPath = .husky/_\n")
        .with("/p/.husky/_/pre-commit", "#!/usr/bin/env sh\n. \"${0%/*}/h\"\n")
        .with("/p/.husky/pre-commit", "rm husky\n");
    check(&husky, &[("git commit -m x", "[git commit (pre-commit)] delete husky")]);
    let planted = Project::default()
        .with("/p/.git/config", "")
        .wrote("/p/.git/hooks/pre-commit", "#!/usr/bin/env python3\nimport os\n");
    assert!(planted.shows("git commit -m x").contains("unknown"));
}

/// A recipe stands behind a command that policy decides, so its commands meet explicit rules only.
#[test]
fn commands_of_a_projects_own_recipe_are_effects() {
    let project = Project::default().with("/p/Makefile", "all:\n\trm -rf build\n");
    let actions = project.actions("make");
    assert!(actions.iter().all(|action| action.chain.is_empty() || action.origin == Origin::Effect));
    assert_eq!(actions.first().unwrap().origin, Origin::Call);
    let commands = |text: &str| {
        let project = Project::default().with("/p/Makefile", &format!("all:\n\t{text}\n"));
        let actions = project.actions("make");
        actions.iter().filter(|action| matches!(action.resource, Resource::Command(_))).count() - 1
    };
    // An ordinary command is what recipes are for; the files it touches count all the same.
    assert_eq!((commands("rm -rf build"), commands("gcc -o x x.c"), commands("rm -rf ~")), (0, 0, 1));
    assert_eq!(
        (commands("cargo publish"), commands("sudo cp x /usr/bin"), commands("git reset --hard")),
        (1, 1, 1)
    );
}

/// What content is too long or too involved for must not end the analysis of the text itself.
#[test]
fn bounds_of_content_are_its_own() {
    let long = "true; ".repeat(9_000);
    let bomb = "A1 = $(A0)$(A0)\n".to_owned()
        + &(2..60).map(|at| format!("A{at} = $(A{0})$(A{0})\n", at - 1)).collect::<String>()
        + "all:\n\techo $(A59)\n";
    let loops = (0..300).map(|at| format!("t{at}: t{}\n\t$(MAKE) t{}\n", at + 1, at + 2)).collect::<String>();
    for text in [format!("t0:\n\t{long}\n"), bomb, loops, "t0:\n\tx() { x; }; x\n".to_owned()] {
        let project = Project::default().with("/p/Makefile", &text).with("/p/x.sh", &long);
        for line in ["make; rm -rf ~", "bash x.sh; bash x.sh; bash x.sh; bash x.sh; rm -rf ~"] {
            let shown = project.shows(line);
            assert!(shown.contains("delete /home/dev/**"), "{line}: {shown:.300}");
            assert!(!shown.contains("unknown"), "{line}: {shown:.300}");
        }
    }
}

//! Texts that zsh takes otherwise than Bash: understood where Bash is the shell, not where zsh may be.

use placet_model::{ActionKind, Dialect, Entries, EntryKind, Facts, LibraryId};
use placet_shell::{Context, analyse};

use crate::render::Machine;

/// The machine of the other tests, with another shell.
struct With(Dialect);

impl Facts for With {
    fn variable(&self, name: &str) -> Option<String> {
        Machine.variable(name)
    }

    fn canonical(&self, path: &str) -> Option<String> {
        Machine.canonical(path)
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        Machine.kind(path)
    }

    fn text(&self, path: &str, limit_bytes: usize) -> Option<String> {
        Machine.text(path, limit_bytes)
    }

    fn entries(&self, path: &str, deep: bool, limit: usize) -> Entries {
        Machine.entries(path, deep, limit)
    }

    fn dialect(&self) -> Dialect {
        self.0
    }
}

fn is_understood(text: &str, dialect: Dialect) -> bool {
    let facts = With(dialect);
    let context =
        Context { cwd: "/p", project: "/p", home: Some("/home/dev"), facts: &facts, added: LibraryId::NONE };
    !analyse(text, &context).actions.iter().any(|action| action.kind == ActionKind::ExecuteUnknown)
}

/// With each of them zsh does what the reading for Bash does not show, or may.
#[test]
fn what_zsh_takes_otherwise_is_not_understood() {
    for text in [
        // Expansions.
        "x='-rf build'; rm $=x",
        "x=build; rm -rf /p/$~x",
        "x=(-rf build); ls $^x",
        "x=/p/build/a; rm -rf $x:h",
        "x=/p/build/a; rm -rf \"$x:h\"",
        "x=/p/build/a; rm -rf ${x:h}",
        "x=(a b); rm -f $x[2]",
        "x=(a b); rm -f \"$x[2]\"",
        "x=(a b); sh -c ${x[1]}",
        "x=(rm -rf build); sh -c $x",
        "x='rm -rf build'; sh -c $x",
        "x=/p/build; ls ~x",
        "=ls",
        "echo $\"x\"",
        "echo $'\\M-x'",
        "set a b; echo $#x",
        // Redirections and words.
        "echo x >! /p/notes",
        "echo x >>! /p/notes",
        "ls >&-1",
        "ls 2&>/dev/null",
        "ls 1&>>log",
        "echo a$=''b",
        "echo =$=$'b'",
        "- ls",
        "{x|rm build}",
        "{''|rm build}",
        "time - ls",
        "ls build/<1-9> x",
        "{ echo a }; { echo b; }; }",
        ">x if ls; then ls; fi",
        "ls {,build}",
        // The shell's state.
        "true | cd build; sh -c $PWD",
        "echo build | read x; sh -c $x",
        "path=(/p/bin $path)",
        "path=/p/bin",
        "for path in a b; do ls; done",
        "precmd_functions=(x)",
        "zshexit() { ls; }",
        "TRAPEXIT() { ls; }",
        // Commands.
        "noglob rm -rf build",
        "repeat 2 ls",
        "emulate sh -c ls",
        "zmodload zsh/files",
        "zf_rm x",
        "print -z ls",
        "zsh -c 'x=/p/build/a; rm -rf $x:h'",
    ] {
        assert!(!is_understood(text, Dialect::Zsh), "{text}");
    }
    // A text for zsh is one wherever it stands.
    assert!(!is_understood("zsh -c 'x=/p/build/a; rm -rf $x:h'", Dialect::Bash));
    // And one for Bash.
    assert!(is_understood("bash -c 'x=/p/build/a; ls $x:h'", Dialect::Zsh));
}

#[test]
fn what_both_take_alike_is_understood() {
    for text in [
        "cd src && ls -la | head -5",
        "for f in *.rs; do echo \"$f\"; done",
        "x=build; ls \"$x/a\" ${x}s ${x:-y} ${x%d} ${x:0:2} ${#x}",
        "grep -rn 'a$' src | wc -l",
        "git log --format='%h %s' -5",
        "cat <<'EOF' > notes.txt\n$x and `y`\nEOF",
        "if [ -f a ]; then cat a; else ls; fi",
        "[[ \"$x\" == a* ]] && ls",
        "echo {a,b}.txt",
        "find . -name '*.rs' -exec grep -l x {} \\;",
        "ls ~/src ~",
        "echo $PATH:/usr/bin \"$PWD:/app\"",
        "a=(1 2 3); for i in \"${a[@]}\"; do echo \"$i\"; done",
        "(cd src && ls) 2>&1 | tail -3",
        "f() { ls \"$1\"; }; f src",
        "echo $((1 + 2))",
    ] {
        assert!(is_understood(text, Dialect::Bash), "{text}");
        assert!(is_understood(text, Dialect::Zsh), "{text}");
    }
}

/// What people and agents write every day is nearly always the same to both.
#[test]
fn everyday_texts_are_rarely_taken_otherwise() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpora/everyday.jsonl");
    let lines = std::fs::read_to_string(path).unwrap();
    let texts = lines.lines().filter_map(|line| {
        let at = line.find("\"command\": ")? + 11;
        line.get(at..)?.split_once(", \"class\"").map(|(text, _)| text)
    });
    let texts: Vec<String> = texts.filter_map(toml_text).collect();
    let other: Vec<&String> = texts
        .iter()
        .filter(|text| is_understood(text, Dialect::Bash) && !is_understood(text, Dialect::Zsh))
        .collect();
    assert!(texts.len() > 5_000, "{}", texts.len());
    println!("figure zsh-everyday-otherwise {:.2} % 1", other.len() as f64 * 100.0 / texts.len() as f64);
    assert!(other.len() * 100 <= texts.len(), "{other:#?}");
}

/// A JSON string without exotic escapes is a TOML one.
fn toml_text(text: &str) -> Option<String> {
    let table: toml::Table = format!("x = {text}").parse().ok()?;
    table.get("x")?.as_str().map(str::to_owned)
}

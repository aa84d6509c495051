//! What Python reads and what is read here are the same, or it is unknown: texts are handed to Python's own parser.

use std::path::{Path, PathBuf};
use std::process::Command;

use placet_code::{Effects, What};

use crate::audit::{Scratch, has_python};
use crate::generate::Generator;
use crate::oracle::skipped;
use crate::tables::{PYTHON, rows};

const DRIVER: &str = include_str!("grammar.py");

/// What Python says of a text.
struct Verdict {
    reads: bool,
    /// The literal's value in `open(LITERAL)`.
    value: Option<String>,
}

/// Python's version and its word on every text.
fn asked(texts: &[String], name: &str) -> (u32, Vec<Verdict>) {
    let scratch = Scratch::new(name);
    let folder = scratch.0.join("texts");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (at, text) in texts.iter().enumerate() {
        std::fs::write(folder.join(format!("{at:06}")), text).expect("a file");
    }
    let driver = scratch.0.join("grammar.py");
    std::fs::write(&driver, DRIVER).expect("a file");
    let output =
        Command::new("python3").args([Path::new("-S"), &driver, &folder]).output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer = String::from_utf8(output.stdout).expect("plain text");
    let (version, answers) = answer.split_once('\n').expect("a version");
    let minor = version.strip_prefix("3.").and_then(|minor| minor.parse().ok()).expect("Python 3");
    let verdicts: Vec<Verdict> = answers
        .lines()
        .map(|line| Verdict { reads: line.starts_with("yes"), value: line.strip_prefix("yes ").map(text_of) })
        .collect();
    assert_eq!(verdicts.len(), texts.len());
    (minor, verdicts)
}

fn text_of(hex: &str) -> String {
    let digits = hex.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Vec<u8> = digits.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect();
    String::from_utf8(bytes).expect("UTF-8")
}

/// Whether the text was not read to its end for a fault of its own.
fn is_fault(effects: &Effects) -> bool {
    effects.unknown.as_ref().is_some_and(|why| {
        ["the text is not Python as it is known here", "a bracket is not closed"].contains(&why.text.as_str())
    })
}

/// Syntax that came after this Python: f-strings that hold their own quotes, `match`, `except` without brackets.
fn may_be_newer(text: &str, minor: u32) -> bool {
    let lower = text.to_ascii_lowercase();
    let format = ["f'", "f\"", "fr'", "fr\"", "rf'", "rf\""].iter().any(|start| lower.contains(start));
    minor < 12 && format || minor < 14 && text.contains("except") || minor < 10 && text.contains("match ")
}

/// Every text that Python refuses is unknown, and none that it reads is refused as a faulty one.
fn hold(texts: &[String], name: &str) {
    let (minor, verdicts) = asked(texts, name);
    let (mut read, mut known) = (0, 0);
    let mut wrong = Vec::new();
    for (text, verdict) in texts.iter().zip(&verdicts) {
        let effects = placet_code::python(text);
        read += usize::from(verdict.reads);
        known += usize::from(effects.unknown.is_none());
        if verdict.reads && is_fault(&effects) {
            wrong.push(format!("Python reads it, here it is refused: {text:?}"));
        }
        if !verdict.reads && effects.unknown.is_none() && !may_be_newer(text, minor) {
            wrong.push(format!("Python refuses it, here it is known: {text:?}"));
        }
    }
    eprintln!("{name}: {} texts, Python 3.{minor} reads {read}, known here {known}", texts.len());
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

/// Numbers that only look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("fits") % count
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const PIECES: [&str; 96] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ";",
    ",",
    ".",
    "=",
    "==",
    ":=",
    "->",
    "*",
    "**",
    "@",
    "\\\n",
    "\n",
    "\n ",
    "\n    ",
    "\t",
    "#",
    "'",
    "\"",
    "'''",
    "f'",
    "r'",
    "b'",
    "{x}",
    "lambda x: ",
    " if ",
    " else ",
    " for x in ",
    "async ",
    "await ",
    "yield ",
    "return ",
    "del ",
    "global x\n",
    "nonlocal x\n",
    "class A: ",
    "def f(x): ",
    "import ",
    "from x import ",
    "with ",
    "try: ",
    "except: ",
    "match x:\n case ",
    "not ",
    " in ",
    " is ",
    "print ",
    "None",
    "1_0",
    "0o7",
    "07",
    "1e5",
    "é",
    "ｏs",
    "\u{a0}",
    "\u{200b}",
    "\u{2028}",
    "\u{b}",
    "$",
    "?",
    "!",
    "%x\n",
    "`x`",
    "<>",
    "0x",
    "1if x",
    "0xfor x",
    "1_",
    "1__0",
    "1.e",
    "1.real",
    "0b2",
    "1j",
    "/, ",
    "*, ",
    "**x",
    "x=1",
    " as x",
    "type x = ",
    "case _:",
    "finally: ",
    "else: ",
    "elif x: ",
    "raise ",
    "assert ",
    "...",
    "-",
    "~",
    "\r\n",
    "\\",
];

#[test]
fn broken_texts_are_not_known() {
    if skipped() {
        return;
    }
    let mut texts: Vec<String> = rows(PYTHON).iter().map(|(_, code)| (*code).to_owned()).collect();
    let seed = std::env::var("PLACET_ORACLE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut generator = Generator::new(seed);
    texts.extend((0..150).map(|_| generator.program()));
    let whole = texts.clone();
    let mut dice = Dice(seed);
    for text in &whole {
        for _ in 0..6 {
            let mut broken = text.clone();
            for _ in 0..=dice.below(2) {
                let at = (0..=dice.below(broken.len() + 1)).rev().find(|at| broken.is_char_boundary(*at));
                let at = at.unwrap_or(0);
                match dice.below(3) {
                    0 if at < broken.len() => {
                        broken.remove(at);
                    }
                    1 => broken.truncate(at),
                    _ => broken.insert_str(at, dice.one(&PIECES)),
                }
            }
            texts.push(broken);
        }
    }
    hold(&texts, "broken");
}

#[test]
fn noise_made_of_syntax_is_not_known() {
    if skipped() {
        return;
    }
    let mut dice = Dice(7);
    let texts: Vec<String> = (0..3_000)
        .map(|_| {
            (0..=dice.below(7)).map(|_| if dice.below(3) == 0 { "x" } else { dice.one(&PIECES) }).collect()
        })
        .collect();
    hold(&texts, "noise");
}

/// Files of Python's own library, or none where they are not found.
fn library(most: usize) -> Vec<String> {
    let output = Command::new("python3")
        .args(["-S", "-c", "import os; print(os.path.dirname(os.__file__))"])
        .output()
        .expect("python3 runs");
    let mut folders = vec![PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() && !path.ends_with("site-packages") {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "py")
                && let Ok(text) = std::fs::read_to_string(path)
                && text.len() <= 64 * 1024
            {
                texts.push(text);
            }
        }
    }
    let step = texts.len().div_ceil(most).max(1);
    texts.into_iter().step_by(step).collect()
}

#[test]
fn python_s_own_library_is_read() {
    if skipped() {
        return;
    }
    let most = std::env::var("PLACET_ORACLE_FILES").ok().and_then(|count| count.parse().ok()).unwrap_or(120);
    hold(&library(most), "library");
}

const BODY: [&str; 34] = [
    "a",
    "/b",
    " ",
    "\\n",
    "\\x41",
    "\\x80",
    "\\101",
    "\\777",
    "\\0",
    "\\08",
    "\\u0041",
    "\\U0001f600",
    "\\ud800",
    "\\N{DIGIT ONE}",
    "\\\\",
    "\\'",
    "\\\"",
    "\\q",
    "\\\n",
    "\n",
    "\r\n",
    "é",
    "\u{fffd}",
    "{{",
    "}}",
    "{1}",
    "{2!r}",
    "{3:>3}",
    "{'c'}",
    "{\"d\"}",
    "\\{{",
    "\\{1}",
    "'",
    "\"",
];

fn literal(dice: &mut Dice) -> String {
    let prefix = dice.one(&["", "", "", "r", "b", "u", "f", "f", "F", "rb", "Br", "fR", "rf"]);
    let quote = dice.one(&["'", "\"", "'''", "\"\"\""]);
    let body: String = (0..dice.below(5)).map(|_| dice.one(&BODY)).collect();
    format!("{prefix}{quote}{body}{quote}")
}

#[test]
fn literals_have_the_values_that_python_gives_them() {
    if skipped() {
        return;
    }
    let mut dice = Dice(11);
    let texts: Vec<String> = (0..6_000)
        .map(|_| {
            let row: Vec<String> = (0..=dice.below(3) / 2).map(|_| literal(&mut dice)).collect();
            format!("open({})", row.join(" "))
        })
        .collect();
    hold(&texts, "literals");
    let (_, verdicts) = asked(&texts, "values");
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (text, verdict) in texts.iter().zip(&verdicts) {
        let Some(value) = &verdict.value else { continue };
        let effects = placet_code::python(text);
        let told = effects.uses.iter().find_map(|done| match &done.what {
            What::Read(word) => word.text(),
            _ => None,
        });
        if let Some(told) = told {
            compared += 1;
            if told != *value {
                wrong.push(format!("{text:?}: {told:?} instead of {value:?}"));
            }
        }
    }
    eprintln!("{compared} values compared");
    assert!(wrong.is_empty(), "{} values:\n{}", wrong.len(), wrong.join("\n"));
    assert!(!has_python() || compared > 1_000);
}

//! What programs really do is among what is told of them, or they are unknown.

use placet_code::{Effects, Part, What, Word};

use crate::audit::{Event, Scratch, audited, has_python};
use crate::generate::Generator;
use crate::line::line;
use crate::tables::{PYTHON, rows};

/// `path` without `.`, `..` and `//`.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Whether a word can stand for `path`.
fn denotes(word: &Word, path: &str, scratch: &Scratch, tree: bool) -> bool {
    let mut known = String::new();
    let mut open = false;
    for part in &word.parts {
        match part {
            Part::Text(text) => known.push_str(text),
            Part::Home => known.push_str(&scratch.0.join("home").display().to_string()),
            Part::Variable(_) | Part::Inside | Part::Unknown => {
                open = true;
                break;
            }
        }
    }
    if open && known.is_empty() {
        return true;
    }
    let work = scratch.work().display().to_string();
    let full = if known.starts_with('/') { known.clone() } else { format!("{work}/{known}") };
    let full = if open {
        full.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned())
    } else {
        full
    };
    let (full, path) = (clean(&full), clean(path));
    path == full || ((open || tree) && path.starts_with(&format!("{}/", full.trim_end_matches('/'))))
}

/// Whether a word can stand for `text`.
fn is_text(word: &Word, text: &str) -> bool {
    match word.parts.first() {
        None => text.is_empty(),
        Some(Part::Text(start)) => match word.text() {
            Some(known) => known == text,
            None => text.starts_with(start.as_str()),
        },
        Some(_) => true,
    }
}

/// Whether `folder` lies on the way to what `word` stands for.
fn leads_to(folder: &str, word: &Word, scratch: &Scratch) -> bool {
    let Some(text) = word.text() else { return true };
    let full =
        if text.starts_with('/') { text.to_owned() } else { format!("{}/{text}", scratch.work().display()) };
    clean(&full).starts_with(&format!("{}/", clean(folder)))
}

/// Whether a program named by `word` was found at `path`.
fn is_found(word: &Word, path: &str) -> bool {
    word.text().is_some_and(|name| !name.contains('/') && path.rsplit('/').next() == Some(name))
}

pub(crate) fn covered(event: &Event, effects: &Effects, scratch: &Scratch) -> bool {
    if effects.unknown.is_some() {
        return true;
    }
    let first = event.words.first().map_or("", String::as_str);
    let path = |word: &Word, tree: bool| denotes(word, first, scratch, tree);
    effects.uses.iter().any(|done| match (event.kind.as_str(), &done.what) {
        ("read", What::Read(word)) => path(word, false),
        // A tree is opened to be removed or copied over.
        ("read", What::ReadTree(word) | What::DeleteTree(word) | What::WriteTree(word)) => path(word, true),
        // Folders on the way to what is written are made too.
        ("mkdir", What::Write(word) | What::WriteTree(word)) => {
            path(word, true) || leads_to(first, word, scratch)
        }
        ("write", What::Write(word)) => path(word, true),
        ("write", What::WriteTree(word)) => path(word, true),
        // The mode or owner of a file is told of as the program that sets it.
        ("write", What::Process { words, .. })
            if matches!(words.first().and_then(Word::text), Some("chmod" | "chown")) =>
        {
            words.get(2).is_some_and(|word| path(word, false))
        }
        ("delete", What::Delete(word)) => path(word, false),
        ("delete", What::DeleteTree(word) | What::WriteTree(word)) => path(word, true),
        (
            "list",
            What::List(word) | What::ReadTree(word) | What::DeleteTree(word) | What::WriteTree(word),
        ) => path(word, true),
        ("list", What::Read(word)) => path(word, true),
        ("shell", What::Shell { text, .. }) => is_text(text, first),
        ("process", What::Shell { .. }) => first.ends_with("sh"),
        ("process", What::Process { words, open, .. }) => {
            words.iter().zip(&event.words).all(|(word, text)| is_text(word, text) || is_found(word, text))
                && (*open || words.len() == event.words.len())
        }
        ("host", What::Connect(word) | What::Fetch(word) | What::Send(word)) => {
            word.text().is_none_or(|text| text.contains(first))
        }
        _ => false,
    })
}

fn hold(programs: &[String], name: &str) -> (usize, usize, usize) {
    let scratch = Scratch::new(name);
    let events = audited(programs, &scratch);
    let effects: Vec<Effects> = programs.iter().map(|program| placet_code::python(program)).collect();
    let mut wrong = Vec::new();
    let mut events_seen = 0;
    for event in &events {
        let (program, effects) = (&programs[event.program], &effects[event.program]);
        if event.kind == "invalid" {
            // What Python does not run need not be understood.
            continue;
        }
        events_seen += 1;
        if !covered(event, effects, &scratch) {
            wrong.push(format!(
                "{program}\n  did  {} {:?}\n  told {}\n",
                event.kind,
                event.words,
                line(effects)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} events were not told of:\n{}", wrong.len(), wrong.join("\n"));
    let understood = effects.iter().filter(|effects| effects.unknown.is_none()).count();
    (programs.len(), events_seen, understood)
}

/// Says so where there is no Python, so that nobody takes silence for a pass.
pub(crate) fn skipped() -> bool {
    if has_python() {
        return false;
    }
    eprintln!("SKIPPED: there is no python3 to compare with");
    assert!(std::env::var_os("PLACET_NEED_PYTHON").is_none(), "python3 is asked for and is not there");
    true
}

#[test]
fn rows_do_what_is_told_of_them() {
    if skipped() {
        return;
    }
    let programs: Vec<String> = rows(PYTHON).iter().map(|(_, code)| (*code).to_owned()).collect();
    let (programs, events, understood) = hold(&programs, "rows");
    eprintln!("{programs} rows, {events} events, {understood} understood");
    assert!(events > 80);
}

#[test]
fn generated_programs_do_what_is_told_of_them() {
    if skipped() {
        return;
    }
    let count =
        std::env::var("PLACET_ORACLE_PROGRAMS").ok().and_then(|count| count.parse().ok()).unwrap_or(200);
    let seed = std::env::var("PLACET_ORACLE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut generator = Generator::new(seed);
    let programs: Vec<String> = (0..count).map(|_| generator.program()).collect();
    let (programs, events, understood) = hold(&programs, "generated");
    eprintln!("{programs} programs, {events} events, {understood} understood");
    assert!(events > programs && understood * 4 > programs);
}

//! Effects as one line: what is done, in order, and why it is not all.

use placet_code::{Dialect, Effects, What, Word};

pub(crate) fn effects(language: &str, text: &str) -> Effects {
    match language {
        "javascript" => placet_code::javascript(text, Dialect::JavaScript),
        "typescript" => placet_code::javascript(text, Dialect::TypeScript),
        "perl" => placet_code::perl(text),
        "ruby" => placet_code::ruby(text),
        _ => placet_code::python(text),
    }
}

pub(crate) fn line(effects: &Effects) -> String {
    let mut parts: Vec<String> = effects.uses.iter().map(|done| one(&done.what)).collect();
    if let Some(why) = &effects.unknown {
        parts.push(format!("? {}", why.text));
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join("; ") }
}

fn one(what: &What) -> String {
    let within = |directory: &Option<Word>| {
        directory.as_ref().map(|word| format!(" in {}", word.shown())).unwrap_or_default()
    };
    match what {
        What::Read(word) => format!("read {}", word.shown()),
        What::ReadTree(word) => format!("read {}/**", word.shown()),
        What::Write(word) => format!("write {}", word.shown()),
        What::WriteTree(word) => format!("write {}/**", word.shown()),
        What::Delete(word) => format!("delete {}", word.shown()),
        What::DeleteTree(word) => format!("delete {}/**", word.shown()),
        What::List(word) => format!("list {}", word.shown()),
        What::Fetch(word) => format!("fetch {}", word.shown()),
        What::Send(word) => format!("send {}", word.shown()),
        What::Connect(word) => format!("connect {}", word.shown()),
        What::Statement { database, text } => format!("statement {} in {}", text.shown(), database.shown()),
        What::Variable(Some(name)) => format!("variable {name}"),
        What::Variable(None) => "variables".to_owned(),
        What::Shell { text, directory } => format!("shell `{}`{}", text.shown(), within(directory)),
        What::Process { words, open, directory, input } => {
            let words: Vec<String> = words.iter().map(Word::shown).collect();
            let more = if *open { " …" } else { "" };
            let input = input.as_ref().map(|word| format!(" < `{}`", word.shown())).unwrap_or_default();
            format!("run [{}]{more}{}{input}", words.join("|"), within(directory))
        }
    }
}

//! Random commands, as their program's model would have read them.

use placet_model::{Arg, Command, Does, Flag, Location, Stream};

use super::random::Random;

/// How an option is spelled, and what the model makes of it.
type Spelling = (&'static str, &'static str, Option<char>);

const FLAGS: [Spelling; 9] = [
    ("-r", "recursive", Some('r')),
    ("-R", "recursive", Some('R')),
    ("-f", "force", Some('f')),
    ("--force", "force", Some('f')),
    ("--hard", "hard", None),
    ("-x", "x", Some('x')),
    ("--output=/tmp/f", "output", Some('o')),
    ("-c", "c", Some('c')),
    ("--message=fix", "message", Some('m')),
];

const CLUSTERS: [&str; 4] = ["-rf", "-xf", "-fR", "--force"];

const PROGRAMS: [&str; 14] =
    ["rm", "rm", "git", "git", "git", "npm", "curl", "chmod", "chmod", "mkfs.ext4", "dd", "ls", "RM", "cp"];

const OPERANDS: [&str; 14] = [
    "src/a.rs",
    "src",
    "/etc/passwd",
    "/",
    "origin",
    "main",
    "777",
    "a+rwx",
    "0777",
    "u+rwx,go=rwx",
    "if=/dev/sda",
    "https://github.com/o",
    "-",
    "push",
];

const PATTERNS: [&str; 6] = ["src/*.rs", "*", "/e*", "?ain", "[7]77", "/*"];

const PARTLY: [(&str, &str); 7] =
    [("", ""), ("", ""), ("src/", ""), ("-", ""), ("", ".rs"), ("7", ""), ("/", "")];

const TARGETS: [&str; 9] = [
    "/dev/sda",
    "/dev/null",
    "/dev/fd/3",
    ".env",
    "/etc/passwd",
    "~/.ssh/config",
    "../x",
    "/dev/tty",
    "/dev/stdout1",
];

pub(crate) fn command(random: &mut Random) -> Command {
    let program = if random.chance(5) { "run" } else { random.pick(&PROGRAMS) };
    let (word, location) = match random.below(10) {
        0 => (format!("/usr/bin/{program}"), Location::System),
        1 => (format!("./{program}"), Location::Elsewhere),
        2 => (format!("/tmp/{program}"), Location::Elsewhere),
        3 if random.chance(30) => ("alias".to_owned(), Location::Path),
        _ => (program.to_owned(), Location::Path),
    };
    let understood = random.chance(70);
    let mut out = Command {
        program: program.to_owned(),
        location,
        subcommand: Vec::new(),
        flags: Vec::new(),
        operands: Vec::new(),
        argv: vec![Arg::Known(word)],
        streams: Vec::new(),
        does: does(random),
        understood,
        text: String::new(),
    };
    add_words(random, &mut out);
    if random.chance(20) {
        out.streams.push(stream(random));
    }
    out.text = out.argv.iter().map(written).collect::<Vec<_>>().join(" ");
    out
}

fn add_words(random: &mut Random, out: &mut Command) {
    if out.understood && matches!(out.program.as_str(), "git" | "npm") {
        let words =
            random.pick(&[&["push"][..], &["status"], &["publish"], &["remote", "add"], &["install"], &[]]);
        out.subcommand = words.iter().map(|word| (*word).to_owned()).collect();
        out.argv.extend(words.iter().map(|word| Arg::Known((*word).to_owned())));
    }
    for _ in 0..random.below(5) {
        if random.chance(45) {
            add_flag(random, out);
        } else {
            let operand = operand(random);
            out.operands.push(operand.clone());
            out.argv.push(operand);
        }
    }
}

fn add_flag(random: &mut Random, out: &mut Command) {
    if !out.understood {
        let word = random.pick(&CLUSTERS);
        out.argv.push(Arg::Known(word.to_owned()));
        if random.chance(50) {
            out.flags.push(Flag { name: word.trim_start_matches('-').to_owned(), letter: None, value: None });
        }
        return;
    }
    let (word, name, letter) = random.pick(&FLAGS);
    let value = word.split_once('=').map(|(_, value)| Arg::Known(value.to_owned()));
    let (argv, value) = match value {
        Some(_) if random.chance(25) => {
            let prefix = format!("--{name}=");
            (Arg::Partly { prefix, suffix: String::new() }, Some(Arg::unknown()))
        }
        value => (Arg::Known(word.to_owned()), value),
    };
    out.argv.push(argv);
    out.flags.push(Flag { name: name.to_owned(), letter, value });
}

fn operand(random: &mut Random) -> Arg {
    match random.below(10) {
        0 => Arg::Glob(random.pick(&PATTERNS).to_owned()),
        1 => {
            let (prefix, suffix) = random.pick(&PARTLY);
            Arg::Partly { prefix: prefix.to_owned(), suffix: suffix.to_owned() }
        }
        _ => Arg::Known(random.pick(&OPERANDS).to_owned()),
    }
}

fn stream(random: &mut Random) -> Stream {
    let target = match random.below(8) {
        0 => Arg::Glob("/d*/sda".to_owned()),
        1 => Arg::unknown(),
        2 => Arg::Partly { prefix: random.pick(&["/dev/s", "/e", ".env"]).to_owned(), suffix: String::new() },
        _ => Arg::Known(random.pick(&TARGETS).to_owned()),
    };
    random.pick(&[Stream::Read, Stream::Write, Stream::Append, Stream::ReadWrite])(target)
}

fn does(random: &mut Random) -> Vec<Does> {
    let mut all: Vec<Does> = (0..random.below(4)).map(|_| random.pick(&Does::ALL[..10])).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn written(arg: &Arg) -> String {
    match arg {
        Arg::Known(text) | Arg::Glob(text) => text.clone(),
        Arg::Partly { prefix, suffix } => format!("{prefix}$X{suffix}"),
    }
}

//! Texts of commands and `contains` on them (sections 5.1 and 5.2).

use placet_model::path::absolute;
use placet_model::{Arg, Command, Flag, Location, Stream};
use placet_policy::Situation;

use super::glob::{self, Case};
use super::modes;
use super::sure::{Reading, Sure};

/// A command as one action runs it.
pub(crate) struct Run<'a> {
    pub(crate) situation: &'a Situation<'a>,
    pub(crate) command: &'a Command,
    pub(crate) chain: &'a [String],
    pub(crate) reading: Reading,
}

const OPERATORS: [char; 10] = ['|', '&', ';', '(', ')', '{', '}', '`', '<', '>'];
const REDIRECTIONS: [&str; 6] = ["&>>", "&>", ">>", ">|", ">", "<"];

/// The text of a `contains`, taken apart into words.
struct Wanted<'a> {
    head: Option<&'a str>,
    options: Vec<&'a str>,
    plain: Vec<&'a str>,
    open: bool,
}

impl<'a> Wanted<'a> {
    fn new(text: &'a str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let head = words.first().copied().filter(|word| !is_option(word));
        let rest = &words[usize::from(head.is_some())..];
        let (options, plain) = rest.iter().partition(|word| is_option(word));
        Self { head, options, plain, open: !text.ends_with(char::is_whitespace) }
    }

    fn alone(&self) -> bool {
        self.options.is_empty() && self.plain.is_empty()
    }
}

fn is_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-')
}

/// The letters of `-xyz`.
fn cluster(word: &str) -> Option<&str> {
    let letters = word.strip_prefix('-')?;
    (!letters.starts_with('-') && !letters.contains('=') && letters.chars().count() > 1).then_some(letters)
}

/// What stands before the first unknown of a word, and whether all of it is known.
fn beginning(arg: &Arg) -> (String, bool) {
    match arg {
        Arg::Known(text) => (text.clone(), true),
        Arg::Glob(text) => (text.split(['*', '?', '[']).next().unwrap().to_owned(), false),
        Arg::Partly { prefix, .. } => (prefix.clone(), false),
    }
}

/// A pattern for every text the word may be.
pub(crate) fn as_pattern(arg: &Arg) -> String {
    match arg {
        Arg::Known(text) => glob::escaped(text),
        Arg::Glob(text) => text.clone(),
        Arg::Partly { prefix, suffix } => format!("{}*{}", glob::escaped(prefix), glob::escaped(suffix)),
    }
}

impl Run<'_> {
    pub(crate) fn strict(&self) -> bool {
        self.reading.strict()
    }

    pub(crate) fn elsewhere(&self) -> bool {
        self.command.location == Location::Elsewhere
    }

    /// The command word, when it is known.
    pub(crate) fn command_word(&self) -> Option<&str> {
        self.command.argv.first().and_then(Arg::known)
    }

    fn texts(&self) -> Vec<String> {
        let text = &self.command.text;
        let word = self.command_word().filter(|word| *word != self.command.program);
        let renamed = word
            .filter(|_| !(self.strict() && self.elsewhere()))
            .and_then(|word| text.strip_prefix(word))
            .map(|rest| format!("{}{rest}", self.command.program));
        [Some(text.clone()), renamed].into_iter().flatten().collect()
    }

    /// One operator of `resource:`.
    pub(crate) fn resource(&self, operator: &str, text: &str) -> Sure {
        let names_a_path = text.split_whitespace().next().is_some_and(|word| word.contains('/'));
        if self.strict()
            && self.elsewhere()
            && !(names_a_path && matches!(operator, "matches" | "startsWith"))
        {
            return Sure::No;
        }
        let texts = self.texts();
        match operator {
            "matches" => Sure::from(texts.iter().any(|own| glob::text(text, own, Case::Counts))),
            "regex" => {
                let regex = regex_lite::Regex::new(text).unwrap();
                Sure::from(texts.iter().any(|own| regex.is_match(own)))
            }
            "contains" => self.contains(text, true),
            _ if texts.iter().any(|own| format!("{own} ").starts_with(text)) => Sure::Yes,
            _ if self.strict() => Sure::No,
            _ => self.contains(text, false),
        }
    }

    fn contains(&self, text: &str, with_chain: bool) -> Sure {
        if let Some((reads, target)) = redirection(text) {
            return Sure::any(
                self.command.streams.iter().map(|stream| self.redirects(stream, reads, target)),
            );
        }
        if text.contains(OPERATORS) {
            return Sure::from(!self.strict() && self.written_as(text));
        }
        let wanted = Wanted::new(text);
        if with_chain && !self.strict() && self.in_chain(&wanted) {
            return Sure::Yes;
        }
        self.words(&wanted, with_chain)
    }

    fn redirects(&self, stream: &Stream, reads: bool, wanted: &str) -> Sure {
        let fits = match stream {
            Stream::Read(_) => reads,
            Stream::Write(_) | Stream::Append(_) => !reads,
            Stream::ReadWrite(_) => true,
        };
        let (known, whole) = beginning(stream.target());
        if !fits || whole && harmless(&known) {
            return Sure::No;
        }
        let from_root = || absolute(&known, self.situation.cwd, self.situation.home);
        if whole {
            return Sure::from(
                known.starts_with(wanted) || wanted.starts_with('/') && from_root().starts_with(wanted),
            );
        }
        match self.reading {
            Reading::Strict => Sure::No,
            Reading::Loose if known.starts_with(wanted) => Sure::Yes,
            Reading::Loose => Sure::possible_if(wanted.starts_with(&known)),
        }
    }

    fn written_as(&self, text: &str) -> bool {
        let wanted = without_blanks(text);
        let input = self.situation.input.get("command").and_then(|value| value.as_str()).unwrap_or("");
        [self.command.text.as_str(), input].iter().any(|own| without_blanks(own).contains(&wanted))
    }

    fn in_chain(&self, wanted: &Wanted<'_>) -> bool {
        let Some(head) = wanted.head else { return false };
        self.chain.iter().any(|element| {
            let words: Vec<&str> = element.split_whitespace().collect();
            let program = words.first().and_then(|word| word.rsplit('/').next()).unwrap_or("");
            glob::same_text(program, head, Case::Apart)
                && wanted.options.iter().chain(&wanted.plain).all(|word| words.contains(word))
        })
    }

    fn words(&self, wanted: &Wanted<'_>, anywhere: bool) -> Sure {
        // Subcommand words up to the head and with it, where the head is one of them.
        let used = wanted.head.map_or(Some(0), |head| {
            let anywhere = anywhere || wanted.alone() && wanted.open;
            if self.head_is(head, wanted) {
                Some(0)
            } else {
                self.subcommand_up_to(head).filter(|_| anywhere)
            }
        });
        let Some(used) = used else { return Sure::No };
        let options = wanted.options.iter().map(|option| self.option_word(option));
        Sure::all([Sure::all(options), self.plain_words(wanted, used)])
    }

    fn head_is(&self, head: &str, wanted: &Wanted<'_>) -> bool {
        let like = wanted.alone() && wanted.open;
        let command = self.command;
        if head.contains('/') {
            return self.command_word().is_some_and(|word| word == head || like && word.starts_with(head));
        }
        if self.strict() {
            return !self.elsewhere() && command.program == head;
        }
        let same = |text: &str| glob::same_text(text, head, Case::Apart);
        let stem = command.program.split('.').next().unwrap();
        same(&command.program) || like && same(stem)
    }

    fn subcommand_up_to(&self, head: &str) -> Option<usize> {
        let same = |word: &String| glob::same_text(word, head, Case::Apart);
        let found = self.command.subcommand.iter().position(same)?;
        (!self.strict()).then_some(found + 1)
    }

    /// An option word of a text: an option, or a cluster of them.
    fn option_word(&self, word: &str) -> Sure {
        let each = |letters: &str| Sure::all(letters.chars().map(|letter| self.option(&letter.to_string())));
        self.option(word).max(cluster(word).map_or(Sure::No, each))
    }

    /// Whether an option, with or without dashes, is given.
    pub(crate) fn option(&self, word: &str) -> Sure {
        let bare = word.trim_start_matches('-');
        let (name, value) = bare.split_once('=').map_or((bare, None), |(name, value)| (name, Some(value)));
        let found = self.by_model(name, value);
        if self.strict() || found == Sure::Yes {
            return found;
        }
        if !self.command.understood && self.spelled(name, value) {
            return Sure::Yes;
        }
        found.max(Sure::possible_if(self.may_have_more_options()))
    }

    /// Whether the program's model has read such an option.
    pub(crate) fn by_model(&self, option: &str, value: Option<&str>) -> Sure {
        let name = option.trim_start_matches('-');
        Sure::any(self.command.flags.iter().filter(|flag| self.called(flag, name)).map(|flag| match value {
            None => Sure::Yes,
            Some(glob) => self.value_is(flag, glob),
        }))
    }

    /// Whether a word of a command that was not understood is spelled like the option.
    pub(crate) fn spelled(&self, option: &str, value: Option<&str>) -> bool {
        let name = option.trim_start_matches('-');
        self.command.argv.iter().skip(1).filter_map(Arg::known).filter(|own| own.starts_with('-')).any(
            |own| {
                let bare = own.trim_start_matches('-');
                let (own_name, own_value) =
                    bare.split_once('=').map_or((bare, None), |(name, value)| (name, Some(value)));
                own_name == name
                    && value
                        .is_none_or(|glob| own_value.is_some_and(|own| glob::text(glob, own, Case::Counts)))
            },
        )
    }

    fn called(&self, flag: &Flag, name: &str) -> bool {
        let fold = |letter: char| {
            let recursive = matches!(self.command.program.as_str(), "rm" | "cp") && letter == 'R';
            if recursive { 'r' } else { letter }
        };
        let mut letters = name.chars();
        let single = letters.next().filter(|_| letters.next().is_none());
        flag.name == name || single.is_some() && flag.letter.map(fold) == single.map(fold)
    }

    fn value_is(&self, flag: &Flag, glob: &str) -> Sure {
        match &flag.value {
            None => Sure::No,
            Some(Arg::Known(value)) => Sure::from(glob::text(glob, value, Case::Counts)),
            Some(_) => self.reading.doubt(),
        }
    }

    /// Whether a word behind the first may turn out to be an option.
    pub(crate) fn may_have_more_options(&self) -> bool {
        self.command.argv.iter().skip(1).any(|arg| match arg {
            Arg::Partly { prefix, .. } => prefix.is_empty() || prefix.starts_with('-'),
            _ => false,
        })
    }

    fn plain_words(&self, wanted: &Wanted<'_>, used: usize) -> Sure {
        let mut subcommand = self.command.subcommand.iter().skip(used);
        let mut operands = self.command.operands.iter();
        let mut weakest = Sure::Yes;
        for (at, word) in wanted.plain.iter().enumerate() {
            let open = wanted.open && at + 1 == wanted.plain.len();
            let found = match subcommand.next() {
                Some(own) => Sure::from(own == word || open && own.starts_with(word)),
                None => operands
                    .by_ref()
                    .map(|operand| self.operand_is(operand, word, open))
                    .find(|sure| *sure != Sure::No)
                    .unwrap_or(Sure::No),
            };
            weakest = weakest.min(found);
        }
        weakest
    }

    fn operand_is(&self, operand: &Arg, word: &str, open: bool) -> Sure {
        let (known, whole) = beginning(operand);
        if whole {
            let grants = self.command.program == "chmod" && modes::same_grant(word, &known);
            return Sure::from(known == word || open && known.starts_with(word) || grants);
        }
        if self.strict() {
            return Sure::No;
        }
        if open && known.starts_with(word) {
            return Sure::Yes;
        }
        let texts = format!("{}{}", glob::escaped(word), if open { "*" } else { "" });
        Sure::possible_if(glob::in_common(&as_pattern(operand), &texts, Case::Counts))
    }
}

/// Whether the text is a redirection: does it read, and its target.
fn redirection(text: &str) -> Option<(bool, &str)> {
    let text = text.trim().trim_start_matches(|c: char| c.is_ascii_digit());
    let (operator, target) =
        REDIRECTIONS.iter().find_map(|operator| Some((*operator, text.strip_prefix(operator)?)))?;
    let target = target.trim_start();
    (!target.is_empty() && !target.contains(char::is_whitespace) && !target.contains(OPERATORS))
        .then_some((operator == "<", target))
}

fn harmless(target: &str) -> bool {
    matches!(target, "/dev/null" | "/dev/stdout" | "/dev/stderr" | "/dev/tty")
        || target.starts_with("/dev/fd/")
}

pub(crate) fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

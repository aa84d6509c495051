//! Tells options, values, subcommands and operands of a command line apart, as its program's model says.

use placet_model::Arg;

use super::value::Field;
use crate::programs::{Count, Level, Opt, Role, Style};

/// One option as it was used.
pub(super) struct Used {
    /// The model's entry; `None` for an option that is not listed.
    pub(super) entry: Option<&'static Opt>,
    /// Spelling without dashes, when there is no entry.
    pub(super) spelling: String,
    pub(super) value: Option<Field>,
    /// The words of an `exec` value.
    pub(super) exec: Vec<Field>,
}

impl Used {
    /// Canonical name.
    pub(super) fn name(&self) -> &str {
        self.entry.map_or(self.spelling.as_str(), |entry| entry.name.get())
    }

    pub(super) fn fits(&self, condition: &str) -> bool {
        match condition.split_once('=') {
            None => self.name() == condition,
            Some((name, pattern)) => {
                self.name() == name
                    && match self.value.as_ref().map(|value| &value.arg) {
                        Some(Arg::Known(value)) => crate::glob::fits_ignoring_case(pattern, value),
                        Some(_) => true,
                        None => false,
                    }
            }
        }
    }
}

/// A command line taken apart.
pub(super) struct Parsed {
    /// Root level, then the subcommands'.
    pub(super) levels: Vec<&'static Level>,
    pub(super) subcommand: Vec<String>,
    pub(super) flags: Vec<Used>,
    pub(super) operands: Vec<Field>,
    /// A bare `--` was there, behind so many operands.
    pub(super) dashes: Option<usize>,
    pub(super) understood: bool,
    /// Whether the subcommand is one of the model's; else nothing is known of what is done.
    pub(super) known: bool,
    /// Only `--help` or `--version`.
    pub(super) information: bool,
}

struct Scan<'w> {
    words: &'w [Field],
    at: usize,
    ended: bool,
    /// No operand was seen at this level, so the next may be a subcommand.
    open: bool,
    parsed: Parsed,
}

/// Takes `words` (without the command word) apart.
pub(super) fn parse(words: &[Field], root: &'static Level) -> Parsed {
    let parsed = Parsed {
        levels: vec![root],
        subcommand: Vec::new(),
        flags: Vec::new(),
        operands: Vec::new(),
        dashes: None,
        understood: true,
        known: true,
        information: false,
    };
    let mut scan = Scan { words, at: 0, ended: root.style == Style::Bare, open: true, parsed };
    scan.bare_cluster();
    while let Some(word) = scan.words.get(scan.at) {
        scan.at += 1;
        scan.word(word);
    }
    let level = scan.level();
    if !level.subs.is_empty()
        && scan.open
        && level.operands.is_empty()
        && level.does == 0
        && scan.parsed.flags.is_empty()
    {
        scan.parsed.known = true;
    }
    scan.parsed
}

impl Scan<'_> {
    fn level(&self) -> &'static Level {
        match self.parsed.levels.last() {
            Some(level) => level,
            // `levels` starts with the root and only grows.
            None => crate::programs::empty(),
        }
    }

    /// Levels whose options count here, nearest first.
    fn reach(&self) -> impl Iterator<Item = &'static Level> {
        let take = if self.level().inherit { self.parsed.levels.len() } else { 1 };
        self.parsed.levels.iter().rev().take(take).copied()
    }

    fn find(&self, spelling: &str) -> Option<&'static Opt> {
        self.reach().find_map(|level| level.option(spelling))
    }

    fn abbreviated(&self, spelling: &str) -> Option<&'static Opt> {
        self.reach().find_map(|level| level.abbreviated(spelling))
    }

    fn pattern<'t>(&self, word: &'t str) -> Option<(&'static Opt, &'t str)> {
        self.reach().find_map(|level| level.pattern(word))
    }

    /// `tar xzf a.tgz`: the values of a first word without dash follow in order.
    fn bare_cluster(&mut self) {
        let level = self.level();
        let Some(Arg::Known(text)) = self.words.first().map(|word| &word.arg).filter(|_| level.bare_cluster)
        else {
            return;
        };
        let mut letter = [b'-', 0];
        let mut options = Vec::new();
        for byte in text.bytes() {
            letter = [b'-', byte];
            match std::str::from_utf8(&letter).ok().and_then(|spelling| self.find(spelling)) {
                Some(option) => options.push(option),
                None => return,
            }
        }
        if options.is_empty() || letter == [b'-', b'-'] {
            return;
        }
        self.at = 1;
        for option in options {
            let value = if option.value == Role::None || option.optional { None } else { self.next() };
            self.used(option, value);
        }
    }

    fn next(&mut self) -> Option<Field> {
        let word = self.words.get(self.at).cloned();
        self.at += 1;
        if word.is_none() {
            self.parsed.understood = false;
        }
        word
    }

    fn word(&mut self, word: &Field) {
        if self.ended {
            return self.operand(word);
        }
        match &word.arg {
            Arg::Known(text) => self.known(text, word),
            // Whatever files there are, it stays this option.
            Arg::Glob(text) if is_option_with_glob(text) => self.known(text, word),
            _ => self.partial(word),
        }
    }

    fn known(&mut self, text: &str, word: &Field) {
        let style = self.level().style;
        if text == "--" && self.find("--").is_none() && style != Style::Bare {
            self.parsed.dashes = Some(self.parsed.operands.len());
            self.ended = true;
            return;
        }
        if self.at == self.words.len() && self.parsed.operands.is_empty() && self.asks_for_help(text) {
            self.parsed.information = true;
            self.parsed.flags.push(Used {
                entry: None,
                spelling: text.trim_start_matches('-').to_owned(),
                value: None,
                exec: Vec::new(),
            });
            return;
        }
        if text.len() > 1 && text.starts_with('-') {
            return self.option(text, word);
        }
        if let Some(option) = self.find(text) {
            return self.take(option, None);
        }
        if let Some((option, rest)) = self.pattern(text).filter(|_| !text.is_empty()) {
            let rest = word.without(text.len() - rest.len());
            return self.used(option, (option.value != Role::None).then_some(rest));
        }
        self.operand(word);
    }

    /// Whether the last word makes the program print how it is used, and do nothing else. Programs with options as in
    /// `getopt` look at all of them first.
    fn asks_for_help(&self, text: &str) -> bool {
        let level = self.level();
        // The project's own code is given the word.
        if level.lenient && level.does & crate::programs::does_bit(placet_model::Does::Build) != 0 {
            return false;
        }
        let style = level.style;
        let alone = self.parsed.flags.is_empty();
        let harmless = |used: &Used| {
            used.entry.is_some_and(|entry| {
                matches!(entry.value, Role::None | Role::Text) && !entry.opaque && !entry.ends
            })
        };
        match text {
            "--help" | "--version" if alone => style != Style::Bare,
            "--help" => matches!(style, Style::Gnu | Style::Posix) && self.parsed.flags.iter().all(harmless),
            "-h" => {
                alone && self.parsed.levels.len() > 1 && style != Style::Bare && self.find("-h").is_none()
            }
            _ => false,
        }
    }

    /// Uses an option with the value attached to it, or the next word if it needs one.
    fn take(&mut self, option: &'static Opt, attached: Option<Field>) {
        let value = match (option.value, attached) {
            (Role::Exec, _) => return self.exec(option),
            (Role::Pair | Role::PairRead, None) => {
                self.next();
                self.next()
            }
            (Role::TextList, attached) => {
                let is_value = |word: &&Field| word.text().is_none_or(|text| !text.starts_with(['-', '@']));
                while attached.is_none() && self.words.get(self.at).filter(is_value).is_some() {
                    self.parsed.understood &= self.next().is_some_and(|word| word.text().is_some());
                }
                attached
            }
            (Role::None, attached) => {
                // A value for an option without: not the option that the model means.
                if attached.is_some() {
                    self.parsed.understood = false;
                }
                attached
            }
            (_, Some(value)) => Some(value),
            (_, None) if option.optional => None,
            (_, None) => self.next(),
        };
        self.used(option, value);
    }

    fn used(&mut self, option: &'static Opt, value: Option<Field>) {
        if option.opaque || value.as_ref().is_some_and(|value| value.elastic) {
            self.parsed.understood = false;
        }
        self.ended |= option.ends;
        if option.ends {
            self.open = false;
        }
        self.parsed.flags.push(Used {
            entry: Some(option),
            spelling: String::new(),
            value,
            exec: Vec::new(),
        });
    }

    fn exec(&mut self, option: &'static Opt) {
        let mut words: Vec<Field> = Vec::new();
        let mut closed = false;
        while let Some(word) = self.words.get(self.at) {
            self.at += 1;
            let braces = words.last().and_then(Field::text) == Some("{}");
            if word.text() == Some(";") || (word.text() == Some("+") && braces) {
                closed = true;
                break;
            }
            words.push(word.clone());
        }
        self.parsed.understood &= closed;
        self.parsed.flags.push(Used {
            entry: Some(option),
            spelling: String::new(),
            value: None,
            exec: words,
        });
    }

    fn unlisted(&mut self, spelling: &str, value: Option<Field>) {
        if !self.reach().any(|level| level.lenient) {
            self.parsed.understood = false;
        }
        self.parsed.flags.push(Used { entry: None, spelling: spelling.to_owned(), value, exec: Vec::new() });
    }

    fn option(&mut self, text: &str, word: &Field) {
        if let Some(option) = self.find(text) {
            return self.take(option, None);
        }
        let style = self.level().style;
        if text.starts_with("--") || style == Style::Words {
            return self.long(text, word);
        }
        if let Some((option, rest)) = self.pattern(text) {
            let value = (option.value != Role::None).then(|| word.without(text.len() - rest.len()));
            return self.used(option, value);
        }
        self.cluster(text, word);
    }

    /// `--name`, `--name=value`, abbreviations; `-name` in the style `words`.
    fn long(&mut self, text: &str, word: &Field) {
        let (name, value) = match text.find('=') {
            Some(at) => (text.get(..at).unwrap_or(text), Some(word.without(at + 1))),
            None => (text, None),
        };
        let words = self.level().style == Style::Words;
        let found = self.find(name).or_else(|| match name.strip_prefix('-') {
            Some(single) if words && single.starts_with('-') => self.find(single),
            _ => None,
        });
        if let Some(option) = found {
            return self.take(option, value);
        }
        if let Some((option, rest)) = self.pattern(text) {
            let value = (option.value != Role::None).then(|| word.without(text.len() - rest.len()));
            return self.used(option, value);
        }
        if !words
            && name.len() > 2
            && let Some(option) = self.abbreviated(name)
        {
            return self.take(option, value);
        }
        self.unlisted(name.trim_start_matches('-'), value);
    }

    fn cluster(&mut self, text: &str, word: &Field) {
        let mut spelling = String::with_capacity(4);
        for (at, c) in text.char_indices().skip(1) {
            spelling.clear();
            spelling.push('-');
            spelling.push(c);
            let Some(option) = self.find(&spelling) else {
                let rest = text.get(at..).unwrap_or("");
                return self.unlisted(rest, None);
            };
            if option.value == Role::None {
                self.used(option, None);
                continue;
            }
            let after = at + c.len_utf8();
            let attached =
                (after < text.len() || !matches!(word.arg, Arg::Known(_))).then(|| word.without(after));
            return self.take(option, attached);
        }
        if !matches!(word.arg, Arg::Known(_)) {
            self.parsed.understood = false;
        }
    }

    /// A word of which only the start is known.
    fn partial(&mut self, word: &Field) {
        let start = word.start().to_owned();
        if start.len() > 1 && start.starts_with('-') && !matches!(word.arg, Arg::Glob(_)) {
            if word.elastic {
                self.parsed.understood = false;
            }
            if start.starts_with("--") || self.level().style == Style::Words {
                if start.contains('=') {
                    return self.long(&start, word);
                }
                self.parsed.understood = false;
                return self.unlisted(start.trim_start_matches('-'), None);
            }
            return self.cluster(&start, word);
        }
        // `cargo "+$TOOLCHAIN" build`
        let listed = self.pattern(&start).filter(|(option, _)| option.value == Role::None);
        if let Some((option, _)) = listed.filter(|_| start.starts_with('+')) {
            self.parsed.understood &= !word.elastic;
            return self.used(option, None);
        }
        if start.starts_with('-') || word.could_be_option() {
            self.parsed.understood = false;
        }
        self.operand(word);
    }

    fn operand(&mut self, word: &Field) {
        let level = self.level();
        if self.open && !level.subs.is_empty() {
            match word.text().and_then(|name| level.sub(name).map(|sub| (name, sub))) {
                Some((name, sub)) => {
                    self.parsed.subcommand.push(name.to_owned());
                    self.parsed.levels.push(sub);
                    self.ended |= sub.style == Style::Bare;
                    return;
                }
                None if level.operands.is_empty() || word.text().is_none() => {
                    self.parsed.known = false;
                    self.parsed.understood = false;
                }
                None => {}
            }
        }
        self.open = false;
        if level.style == Style::Posix {
            self.ended = true;
        }
        self.parsed.operands.push(word.clone());
        let slots = level.operands.slots();
        let fixed =
            slots.iter().take_while(|slot| slot.count == Count::One && !takes_rest(slot.role)).count();
        let reached = self.parsed.operands.len() == fixed + 1;
        if reached && slots.get(fixed).is_some_and(|slot| takes_rest(slot.role)) {
            self.ended = true;
        }
    }
}

/// Roles that take all words to the end, whatever they look like.
pub(super) fn takes_rest(role: Role) -> bool {
    matches!(role, Role::Command | Role::RemoteCommand | Role::AppendedCommand)
}

/// `--include=*.rs`
fn is_option_with_glob(text: &str) -> bool {
    text.split_once('=')
        .is_some_and(|(name, _)| name.starts_with("--") && !name.contains(['*', '?', '[', '\\']))
}

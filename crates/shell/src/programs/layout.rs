//! Checks models and lays them out as flat rows. Shared with the build script.

use std::collections::{BTreeMap, BTreeSet};

use placet_model::Does;

use super::role::Role;
use super::schema::{self, Program};
use super::table::{Count, Key, Level, Name, Opt, Rows, Run, Slot, Style, Sub, Text, When};

/// Lays models out, one after the other.
pub(crate) struct Layout {
    book: u16,
    rows: Rows,
    known: BTreeMap<String, u32>,
    names: BTreeMap<String, (u16, bool)>,
}

impl Layout {
    /// An empty layout of the book with that number.
    pub(crate) fn new(book: u16) -> Self {
        Self { book, rows: Rows::default(), known: BTreeMap::new(), names: BTreeMap::new() }
    }

    /// Adds a model. The error says which key is wrong.
    pub(crate) fn add(&mut self, program: Program) -> Result<(), String> {
        let (names, versioned, level) = program.into_level();
        if names.is_empty() {
            return Err("`names` is empty".to_owned());
        }
        let at = self.level(level, "gnu", false)?;
        for name in names {
            if name.is_empty() || name.contains('/') || name.chars().any(char::is_whitespace) {
                return Err(format!("`{name}` in `names` is not the name of a program"));
            }
            if self.names.insert(name.clone(), (at, versioned)).is_some() {
                return Err(format!("`{name}` has a model already"));
            }
        }
        Ok(())
    }

    /// The rows, names sorted.
    pub(crate) fn finish(mut self) -> Result<Rows, String> {
        for (name, (level, versioned)) in std::mem::take(&mut self.names) {
            let name = self.text(&name)?;
            self.rows.names.push(Name { name, level, versioned });
        }
        Ok(self.rows)
    }

    fn text(&mut self, text: &str) -> Result<Text, String> {
        let at = match self.known.get(text) {
            Some(at) => *at,
            None => {
                let at = u32::try_from(self.rows.strings.len()).map_err(|_| "the texts are too long")?;
                self.rows.strings.push_str(text);
                self.known.insert(text.to_owned(), at);
                at
            }
        };
        let len = u16::try_from(text.len()).map_err(|_| "a text is too long")?;
        Ok(Text { at, len, book: self.book })
    }

    fn texts(&mut self, list: &[String]) -> Result<Run, String> {
        let rows = list.iter().map(|text| self.text(text)).collect::<Result<Vec<_>, _>>()?;
        run(self.book, &mut self.rows.texts, rows)
    }

    fn maybe_texts(&mut self, list: Option<&Vec<String>>) -> Result<Run, String> {
        list.map_or(Ok(absent(self.book)), |list| self.texts(list))
    }

    fn level(&mut self, level: schema::Level, outer_style: &str, inherit: bool) -> Result<u16, String> {
        let style_name = level.style.clone().unwrap_or_else(|| outer_style.to_owned());
        let inherit = inherit || level.inherit;
        let mut subs = BTreeMap::new();
        for (names, sub) in level.sub {
            let at =
                self.level(sub, &style_name, inherit).map_err(|error| format!("sub.{names}: {error}"))?;
            for name in names.split(' ') {
                if subs.insert(name.to_owned(), at).is_some() {
                    return Err(format!("subcommand `{name}` twice"));
                }
            }
        }
        let (exact, patterns) = self.all_options(level.flags, level.options)?;
        let options = run(self.book, &mut self.rows.options, exact)?;
        let patterns = run(self.book, &mut self.rows.options, patterns)?;
        let operands = self.slots(&level.operands)?;
        let keys = self.keys(&level.keys)?;
        let whens = level.when.into_iter().map(|when| self.when(when)).collect::<Result<Vec<_>, _>>()?;
        let whens = run(self.book, &mut self.rows.whens, whens)?;
        let mut rows = Vec::new();
        for (name, level) in subs {
            rows.push(Sub { name: self.text(&name)?, level });
        }
        let subs = run(self.book, &mut self.rows.subs, rows)?;
        let row = Level {
            does: does(&level.does)?,
            style: style(&style_name)?,
            inherit,
            lenient: level.lenient,
            bare_cluster: level.bare_cluster,
            stdin: role(level.stdin.as_deref().unwrap_or("none"))?,
            options,
            patterns,
            operands,
            default_operand: self.text(level.default_operand.as_deref().unwrap_or(""))?,
            reads: self.texts(&level.reads)?,
            writes: self.texts(&level.writes)?,
            deletes: self.texts(&level.deletes)?,
            hosts: self.texts(&level.hosts)?,
            also: self.texts(&level.also)?,
            why: self.text(level.why.as_deref().unwrap_or(""))?,
            keys,
            whens,
            subs,
        };
        let at = u16::try_from(self.rows.levels.len()).map_err(|_| "too many subcommands")?;
        self.rows.levels.push(row);
        Ok(at)
    }

    /// Options by exact spelling, sorted, and those that are patterns.
    fn all_options(
        &mut self,
        flags: Vec<String>,
        options: BTreeMap<String, schema::Opt>,
    ) -> Result<(Vec<Opt>, Vec<Opt>), String> {
        let mut seen = BTreeSet::new();
        let mut exact = BTreeMap::new();
        let mut patterns = Vec::new();
        let plain = flags.into_iter().map(|flag| (flag, schema::Opt::Table(Default::default())));
        for (spellings, option) in plain.chain(options) {
            let option = option.table();
            let name = option.name.clone().unwrap_or_else(|| canonical(&spellings));
            let letter = spellings
                .split(' ')
                .find(|spelling| is_letter(spelling))
                .and_then(|spelling| spelling.as_bytes().get(1).copied())
                .unwrap_or(0);
            for spelling in spellings.split(' ') {
                if spelling.is_empty() || !seen.insert(spelling.to_owned()) {
                    return Err(format!("option `{spelling}` in `{spellings}` is empty or listed twice"));
                }
                let row = Opt {
                    spelling: self.text(spelling)?,
                    name: self.text(&name)?,
                    letter,
                    value: role(option.value.as_deref().unwrap_or("none"))?,
                    optional: option.optional,
                    ends: option.ends,
                    opaque: option.understood == Some(false),
                    does: does(&option.does)?,
                    also: self.texts(&option.also)?,
                };
                if spelling == "-#" || (spelling.len() > 1 && spelling.ends_with('*')) {
                    patterns.push(row);
                } else {
                    exact.insert(spelling.to_owned(), row);
                }
            }
        }
        Ok((exact.into_values().collect(), patterns))
    }

    fn slots(&mut self, list: &[String]) -> Result<Run, String> {
        let mut rows = Vec::new();
        let mut many = 0;
        for entry in list {
            let (name, count) = match (entry.strip_suffix("..."), entry.strip_suffix('?')) {
                (Some(name), _) => {
                    many += 1;
                    (name, Count::Many)
                }
                (None, Some(name)) => (name, Count::Maybe),
                (None, None) => (entry.as_str(), Count::One),
            };
            rows.push(Slot { role: role(name)?, count });
        }
        // `assign...` ends by itself, so another list may follow it.
        let assigns = list.iter().filter(|entry| *entry == "assign...").count();
        if many - assigns > 1 {
            return Err("more than one `...` in `operands`".to_owned());
        }
        run(self.book, &mut self.rows.slots, rows)
    }

    fn keys(&mut self, keys: &BTreeMap<String, String>) -> Result<Run, String> {
        // Exact keys before patterns, long patterns before short ones, so that the first hit is the closest.
        let mut flat: Vec<(&str, &str)> = keys
            .iter()
            .flat_map(|(names, role)| names.split(' ').map(move |name| (name, role.as_str())))
            .collect();
        flat.sort_by_key(|(name, _)| (name.contains('*'), usize::MAX - name.len()));
        let mut rows = Vec::new();
        for (name, value) in flat {
            rows.push(Key { pattern: self.text(name)?, role: role(value)? });
        }
        run(self.book, &mut self.rows.keys, rows)
    }

    fn when(&mut self, when: schema::When) -> Result<When, String> {
        Ok(When {
            operands: match &when.operands {
                Some(list) => self.slots(list)?,
                None => absent(self.book),
            },
            values: self.keys(&when.values)?,
            instead: when.instead.as_ref().map_or(Ok(u32::MAX), |words| does(words))?,
            flags: self.texts(&when.flags)?,
            all_flags: self.texts(&when.all_flags)?,
            no_flags: self.texts(&when.no_flags)?,
            min_operands: when.min_operands.unwrap_or(0),
            max_operands: when.max_operands.unwrap_or(u8::MAX),
            operand: self.texts(&when.operand)?,
            first: self.texts(&when.first)?,
            does: does(&when.does)?,
            stdin: role(when.stdin.as_deref().unwrap_or("none"))?,
            reads: self.maybe_texts(when.reads.as_ref())?,
            writes: self.maybe_texts(when.writes.as_ref())?,
            deletes: self.maybe_texts(when.deletes.as_ref())?,
            hosts: self.maybe_texts(when.hosts.as_ref())?,
            default_operand: self.text(when.default_operand.as_deref().unwrap_or(""))?,
            also: self.texts(&when.also)?,
            why: self.text(when.why.as_deref().unwrap_or(""))?,
            opaque: when.understood == Some(false),
        })
    }
}

fn absent(book: u16) -> Run {
    Run { at: 0, len: u16::MAX, book }
}

fn run<T>(book: u16, table: &mut Vec<T>, rows: Vec<T>) -> Result<Run, String> {
    let at = if rows.is_empty() { 0 } else { table.len() };
    let (at, len) = (u16::try_from(at), u16::try_from(rows.len()));
    table.extend(rows);
    match (at, len) {
        (Ok(at), Ok(len)) if len < u16::MAX => Ok(Run { at, len, book }),
        _ => Err("the models are too long".to_owned()),
    }
}

fn is_letter(spelling: &str) -> bool {
    let bytes = spelling.as_bytes();
    matches!(bytes, [b'-', letter] if *letter != b'-')
}

/// First long spelling without dashes, else the first without its dash.
fn canonical(spellings: &str) -> String {
    let long = spellings.split(' ').find(|spelling| spelling.starts_with("--") && spelling.len() > 2);
    let chosen = long.or_else(|| spellings.split(' ').next()).unwrap_or(spellings);
    let bare = chosen.trim_start_matches('-');
    if bare.is_empty() { chosen.to_owned() } else { bare.trim_end_matches('*').to_owned() }
}

fn style(style: &str) -> Result<Style, String> {
    Ok(match style {
        "gnu" => Style::Gnu,
        "posix" => Style::Posix,
        "words" => Style::Words,
        "none" => Style::Bare,
        other => return Err(format!("unknown style `{other}`; there are gnu, posix, words and none")),
    })
}

fn role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| format!("unknown role `{name}`"))
}

fn does(words: &[String]) -> Result<u32, String> {
    words.iter().try_fold(0, |bits, word| {
        let does = Does::parse(word).ok_or_else(|| {
            let known: Vec<&str> = Does::ALL.iter().map(|does| does.name()).collect();
            format!("unknown word `{word}` in `does`; there are {}", known.join(", "))
        })?;
        Ok(bits | 1 << (does as u8))
    })
}

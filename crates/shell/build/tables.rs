//! Checks the models and lays them out as flat tables (`src/programs/table.rs` has their types).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use placet_model::Does;

use crate::Failure;
use crate::role::Role;
use crate::schema::{Level, Opt, Program, When};

const ABSENT: &str = "Run { at: 0, len: u16::MAX }";

/// Rust source of every table entry, in order.
#[derive(Default)]
pub(crate) struct Tables {
    strings: String,
    known: BTreeMap<String, usize>,
    names: BTreeMap<String, (usize, bool)>,
    levels: Vec<String>,
    options: Vec<String>,
    slots: Vec<String>,
    texts: Vec<String>,
    keys: Vec<String>,
    subs: Vec<String>,
    whens: Vec<String>,
}

impl Tables {
    pub(crate) fn add(&mut self, program: Program) -> Result<(), Failure> {
        let (names, versioned, level) = program.into_level();
        if names.is_empty() {
            return Err("`names` is empty".into());
        }
        let at = self.level(level, "gnu", false)?;
        for name in names {
            if self.names.insert(name.clone(), (at, versioned)).is_some() {
                return Err(format!("`{name}` has a model already").into());
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> String {
        let at = match self.known.get(text) {
            Some(at) => *at,
            None => {
                let at = self.strings.len();
                self.strings.push_str(text);
                self.known.insert(text.to_owned(), at);
                at
            }
        };
        format!("Text {{ at: {at}, len: {} }}", text.len())
    }

    fn texts(&mut self, list: &[String]) -> String {
        let rendered: Vec<String> = list.iter().map(|text| self.text(text)).collect();
        run(&mut self.texts, rendered)
    }

    fn maybe_texts(&mut self, list: Option<&Vec<String>>) -> String {
        list.map_or_else(|| ABSENT.to_owned(), |list| self.texts(list))
    }

    fn level(&mut self, level: Level, outer_style: &str, inherit: bool) -> Result<usize, Failure> {
        let style = level.style.clone().unwrap_or_else(|| outer_style.to_owned());
        let inherit = inherit || level.inherit;
        let mut subs = BTreeMap::new();
        for (names, sub) in level.sub {
            let at = self.level(sub, &style, inherit).map_err(|error| format!("sub.{names}: {error}"))?;
            for name in names.split(' ') {
                if subs.insert(name.to_owned(), at).is_some() {
                    return Err(format!("subcommand `{name}` twice").into());
                }
            }
        }
        let (exact, patterns) = self.all_options(level.flags, level.options)?;
        let options = run(&mut self.options, exact);
        let patterns = run(&mut self.options, patterns);
        let operands = self.slots(&level.operands)?;
        let keys = self.keys(&level.keys)?;
        let whens = level.when.into_iter().map(|when| self.when(when)).collect::<Result<Vec<_>, _>>()?;
        let whens = run(&mut self.whens, whens);
        let subs: Vec<String> = subs
            .into_iter()
            .map(|(name, at)| format!("Sub {{ name: {}, level: {at} }}", self.text(&name)))
            .collect();
        let subs = run(&mut self.subs, subs);
        let rendered = format!(
            "Level {{ does: {}, style: Style::{}, inherit: {}, lenient: {}, bare_cluster: {}, stdin: {}, options: {options}, \
             patterns: {patterns}, operands: {operands}, default_operand: {}, reads: {}, writes: {}, deletes: {}, hosts: {}, \
             also: {}, why: {}, keys: {keys}, whens: {whens}, subs: {subs} }}",
            does(&level.does)?,
            style_name(&style)?,
            inherit,
            level.lenient,
            level.bare_cluster,
            role(level.stdin.as_deref().unwrap_or("none"))?,
            self.text(level.default_operand.as_deref().unwrap_or("")),
            self.texts(&level.reads),
            self.texts(&level.writes),
            self.texts(&level.deletes),
            self.texts(&level.hosts),
            self.texts(&level.also),
            self.text(level.why.as_deref().unwrap_or("")),
        );
        self.levels.push(rendered);
        Ok(self.levels.len() - 1)
    }

    fn all_options(
        &mut self,
        flags: Vec<String>,
        options: BTreeMap<String, Opt>,
    ) -> Result<(Vec<String>, Vec<String>), Failure> {
        let mut seen = BTreeSet::new();
        let mut exact = BTreeMap::new();
        let mut patterns = Vec::new();
        let plain = flags.into_iter().map(|flag| (flag, Opt::Table(Default::default())));
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
                    return Err(
                        format!("option `{spelling}` in `{spellings}` is empty or listed twice").into()
                    );
                }
                let rendered = format!(
                    "Opt {{ spelling: {}, name: {}, letter: {letter}, value: {}, optional: {}, ends: {}, opaque: {}, does: {}, also: {} }}",
                    self.text(spelling),
                    self.text(&name),
                    role(option.value.as_deref().unwrap_or("none"))?,
                    option.optional,
                    option.ends,
                    option.understood == Some(false),
                    does(&option.does)?,
                    self.texts(&option.also),
                );
                if spelling == "-#" || (spelling.len() > 1 && spelling.ends_with('*')) {
                    patterns.push(rendered);
                } else {
                    exact.insert(spelling.to_owned(), rendered);
                }
            }
        }
        Ok((exact.into_values().collect(), patterns))
    }

    fn slots(&mut self, list: &[String]) -> Result<String, Failure> {
        let mut rendered = Vec::new();
        let mut many = 0;
        for entry in list {
            let (name, count) = match (entry.strip_suffix("..."), entry.strip_suffix('?')) {
                (Some(name), _) => {
                    many += 1;
                    (name, "Many")
                }
                (None, Some(name)) => (name, "Maybe"),
                (None, None) => (entry.as_str(), "One"),
            };
            rendered.push(format!("Slot {{ role: {}, count: Count::{count} }}", role(name)?));
        }
        // `assign...` ends by itself, so another list may follow it.
        let assigns = list.iter().filter(|entry| *entry == "assign...").count();
        if many - assigns > 1 {
            return Err("more than one `...` in `operands`".into());
        }
        Ok(run(&mut self.slots, rendered))
    }

    fn keys(&mut self, keys: &BTreeMap<String, String>) -> Result<String, Failure> {
        let mut rendered = Vec::new();
        // Exact keys before patterns, long patterns before short ones, so that the first hit is the closest.
        let mut flat: Vec<(&str, &str)> = keys
            .iter()
            .flat_map(|(names, role)| names.split(' ').map(move |name| (name, role.as_str())))
            .collect();
        flat.sort_by_key(|(name, _)| (name.contains('*'), usize::MAX - name.len()));
        for (name, value) in flat {
            rendered.push(format!("Key {{ pattern: {}, role: {} }}", self.text(name), role(value)?));
        }
        Ok(run(&mut self.keys, rendered))
    }

    fn when(&mut self, when: When) -> Result<String, Failure> {
        let operands = match &when.operands {
            Some(list) => self.slots(list)?,
            None => ABSENT.to_owned(),
        };
        let values = self.keys(&when.values)?;
        let instead = when.instead.as_ref().map_or(Ok(u32::MAX), |words| does(words))?;
        Ok(format!(
            "When {{ flags: {}, all_flags: {}, no_flags: {}, min_operands: {}, max_operands: {}, operand: {}, first: {}, does: {}, \
             instead: {instead}, operands: {operands}, values: {values}, stdin: {}, reads: {}, writes: {}, deletes: {}, hosts: {}, \
             default_operand: {}, also: {}, why: {}, opaque: {} }}",
            self.texts(&when.flags),
            self.texts(&when.all_flags),
            self.texts(&when.no_flags),
            when.min_operands.unwrap_or(0),
            when.max_operands.unwrap_or(u8::MAX),
            self.texts(&when.operand),
            self.texts(&when.first),
            does(&when.does)?,
            role(when.stdin.as_deref().unwrap_or("none"))?,
            self.maybe_texts(when.reads.as_ref()),
            self.maybe_texts(when.writes.as_ref()),
            self.maybe_texts(when.deletes.as_ref()),
            self.maybe_texts(when.hosts.as_ref()),
            self.text(when.default_operand.as_deref().unwrap_or("")),
            self.texts(&when.also),
            self.text(when.why.as_deref().unwrap_or("")),
            when.understood == Some(false),
        ))
    }

    pub(crate) fn render(mut self) -> Result<String, Failure> {
        let names: Vec<String> = std::mem::take(&mut self.names)
            .into_iter()
            .map(|(name, (level, versioned))| {
                format!("Name {{ name: {}, level: {level}, versioned: {versioned} }}", self.text(&name))
            })
            .collect();
        let mut out = String::new();
        writeln!(out, "static STRINGS: &str = {:?};", self.strings)?;
        let tables = [
            ("NAMES", "Name", &names),
            ("LEVELS", "Level", &self.levels),
            ("OPTIONS", "Opt", &self.options),
            ("SLOTS", "Slot", &self.slots),
            ("TEXTS", "Text", &self.texts),
            ("KEYS", "Key", &self.keys),
            ("SUBS", "Sub", &self.subs),
            ("WHENS", "When", &self.whens),
        ];
        for (name, kind, rows) in tables {
            if rows.len() >= usize::from(u16::MAX) {
                return Err(format!("table {name} is too long").into());
            }
            writeln!(out, "static {name}: [{kind}; {}] = [", rows.len())?;
            for row in rows {
                writeln!(out, "    {row},")?;
            }
            writeln!(out, "];")?;
        }
        Ok(out)
    }
}

fn run(table: &mut Vec<String>, rows: Vec<String>) -> String {
    let rendered =
        format!("Run {{ at: {}, len: {} }}", if rows.is_empty() { 0 } else { table.len() }, rows.len());
    table.extend(rows);
    rendered
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

fn style_name(style: &str) -> Result<&'static str, Failure> {
    Ok(match style {
        "gnu" => "Gnu",
        "posix" => "Posix",
        "words" => "Words",
        "none" => "Bare",
        other => return Err(format!("unknown style `{other}`").into()),
    })
}

fn role(name: &str) -> Result<String, Failure> {
    let role = Role::parse(name).ok_or_else(|| format!("unknown role `{name}`"))?;
    Ok(format!("Role::{role:?}"))
}

fn does(words: &[String]) -> Result<u32, Failure> {
    words.iter().try_fold(0, |bits, word| {
        let does = Does::parse(word).ok_or_else(|| format!("unknown word `{word}` in `does`"))?;
        Ok(bits | 1 << (does as u8))
    })
}

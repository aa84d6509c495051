//! Rows as Rust source.

use std::fmt::Write as _;

use crate::Failure;
use crate::table::{Key, Level, Name, Opt, Rows, Run, Slot, Sub, Text, When};

/// Source of the static tables.
pub(crate) fn source(rows: &Rows) -> Result<String, Failure> {
    let mut out = String::new();
    writeln!(out, "static STRINGS: &str = {:?};", rows.strings)?;
    table(&mut out, "NAMES", "Name", &rows.names)?;
    table(&mut out, "LEVELS", "Level", &rows.levels)?;
    table(&mut out, "OPTIONS", "Opt", &rows.options)?;
    table(&mut out, "SLOTS", "Slot", &rows.slots)?;
    table(&mut out, "TEXTS", "Text", &rows.texts)?;
    table(&mut out, "KEYS", "Key", &rows.keys)?;
    table(&mut out, "SUBS", "Sub", &rows.subs)?;
    table(&mut out, "WHENS", "When", &rows.whens)?;
    Ok(out)
}

fn table(out: &mut String, name: &str, kind: &str, rows: &[impl Row]) -> Result<(), Failure> {
    writeln!(out, "static {name}: [{kind}; {}] = [", rows.len())?;
    for row in rows {
        writeln!(out, "    {},", row.source())?;
    }
    Ok(writeln!(out, "];")?)
}

trait Row {
    fn source(&self) -> String;
}

impl Row for Text {
    fn source(&self) -> String {
        format!("Text {{ at: {}, len: {}, book: {} }}", self.at, self.len, self.book)
    }
}

impl Row for Run {
    fn source(&self) -> String {
        format!("Run {{ at: {}, len: {}, book: {} }}", self.at, self.len, self.book)
    }
}

impl Row for Name {
    fn source(&self) -> String {
        let Self { name, level, versioned } = self;
        format!("Name {{ name: {}, level: {level}, versioned: {versioned} }}", name.source())
    }
}

impl Row for Slot {
    fn source(&self) -> String {
        format!("Slot {{ role: Role::{:?}, count: Count::{:?} }}", self.role, self.count)
    }
}

impl Row for Key {
    fn source(&self) -> String {
        format!("Key {{ pattern: {}, role: Role::{:?} }}", self.pattern.source(), self.role)
    }
}

impl Row for Sub {
    fn source(&self) -> String {
        format!("Sub {{ name: {}, level: {} }}", self.name.source(), self.level)
    }
}

impl Row for Opt {
    fn source(&self) -> String {
        format!(
            "Opt {{ spelling: {}, name: {}, letter: {}, value: Role::{:?}, optional: {}, ends: {}, opaque: {}, does: {}, \
             also: {} }}",
            self.spelling.source(),
            self.name.source(),
            self.letter,
            self.value,
            self.optional,
            self.ends,
            self.opaque,
            self.does,
            self.also.source(),
        )
    }
}

impl Row for Level {
    fn source(&self) -> String {
        let runs = [
            ("options", self.options),
            ("patterns", self.patterns),
            ("operands", self.operands),
            ("reads", self.reads),
            ("writes", self.writes),
            ("deletes", self.deletes),
            ("hosts", self.hosts),
            ("also", self.also),
            ("keys", self.keys),
            ("whens", self.whens),
            ("subs", self.subs),
        ];
        format!(
            "Level {{ does: {}, style: Style::{:?}, inherit: {}, lenient: {}, bare_cluster: {}, stdin: Role::{:?}, \
             default_operand: {}, why: {}, {} }}",
            self.does,
            self.style,
            self.inherit,
            self.lenient,
            self.bare_cluster,
            self.stdin,
            self.default_operand.source(),
            self.why.source(),
            fields(&runs),
        )
    }
}

impl Row for When {
    fn source(&self) -> String {
        let runs = [
            ("flags", self.flags),
            ("all_flags", self.all_flags),
            ("no_flags", self.no_flags),
            ("operand", self.operand),
            ("first", self.first),
            ("operands", self.operands),
            ("values", self.values),
            ("reads", self.reads),
            ("writes", self.writes),
            ("deletes", self.deletes),
            ("hosts", self.hosts),
            ("also", self.also),
        ];
        format!(
            "When {{ min_operands: {}, max_operands: {}, does: {}, instead: {}, stdin: Role::{:?}, default_operand: {}, \
             why: {}, opaque: {}, {} }}",
            self.min_operands,
            self.max_operands,
            self.does,
            self.instead,
            self.stdin,
            self.default_operand.source(),
            self.why.source(),
            self.opaque,
            fields(&runs),
        )
    }
}

fn fields(runs: &[(&str, Run)]) -> String {
    runs.iter().map(|(name, run)| format!("{name}: {}", run.source())).collect::<Vec<_>>().join(", ")
}

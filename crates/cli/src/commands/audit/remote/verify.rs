//! `placet audit verify --remote`: the whole ledger of a gateway, checked here, and against what it was when it was checked last.

use std::collections::BTreeMap;
use std::path::Path;

use placet_ledger::verify::{verify, verify_from};
use placet_ledger::{Hash, Head, Report};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;
use crate::remote::Client;
use crate::style::{self, fold, paint};
use crate::surroundings::shown;

/// Lines that are fetched at a time.
const LINES: u64 = 2000;

/// Checks every line.
pub(super) fn run(session: &Session<'_>, client: &Client) -> Outcome {
    let path = session.place.locations()?.config.join("witness.toml");
    let mut witness = Witness::read(&path)?;
    let address = client.address().to_string();
    let check = Check::of(client, witness.heads.get(&address))?;
    if let (true, Some(head)) = (check.faults.is_empty(), &check.head) {
        witness.heads.insert(address, KeptHead::of(head));
        witness.write(&path)?;
    }
    check.show(session);
    Ok(if check.faults.is_empty() { Exit::Ok } else { Exit::General })
}

/// Heads of gateways, as they were when they were checked last.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Witness {
    heads: BTreeMap<String, KeptHead>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptHead {
    segment: String,
    seq: u64,
    hash: String,
}

impl KeptHead {
    fn of(head: &Head) -> Self {
        Self { segment: head.segment.clone(), seq: head.seq, hash: head.hash.to_string() }
    }

    /// Whether a head at that place is the same.
    fn is(&self, head: &Head) -> bool {
        self.segment == head.segment && Hash::parse(&self.hash) == Some(head.hash)
    }
}

impl Witness {
    fn read(path: &Path) -> Result<Self, Failure> {
        let Some(text) = file::read(path)? else { return Ok(Self::default()) };
        toml::from_str(&text).map_err(|error| {
            Failure::new(format!("`{}` cannot be used: {}", shown(path), error.message())).hint(
                "it keeps how ledgers of gateways ended when they were checked last; mend it, or move it away and lose that",
            )
        })
    }

    fn write(&self, path: &Path) -> Result<(), Failure> {
        let text = toml::to_string(self).map_err(Failure::new)?;
        file::replace_private(path, &format!("# Kept by `placet audit verify --remote`.\n{text}"))?;
        Ok(())
    }
}

/// What was found.
#[derive(Default)]
struct Check {
    head: Option<Head>,
    records: u64,
    erased: u64,
    /// Records that retention says it deleted.
    told: u64,
    faults: Vec<String>,
    /// The line at which it was compared with what is kept.
    compared: Option<u64>,
}

impl Check {
    fn of(client: &Client, known: Option<&KeptHead>) -> Result<Self, Failure> {
        let mut check = Self::default();
        loop {
            let seq = check.head.as_ref().map(|head| head.seq);
            // A page ends where the ledger is to be compared.
            let limit = match (known, seq) {
                (Some(known), None) => known.seq.saturating_add(1),
                (Some(known), Some(seq)) if seq < known.seq => known.seq - seq,
                _ => LINES,
            };
            let mut query = vec![("limit", limit.min(LINES).to_string())];
            query.extend(seq.map(|seq| ("after", seq.to_string())));
            let lines = client.download(&["admin", "ledger", "lines"], &query)?;
            if lines.is_empty() {
                break;
            }
            if !check.take(&lines) {
                return Ok(check);
            }
            if let (Some(known), Some(head)) = (known, &check.head)
                && head.seq == known.seq
            {
                check.compared = Some(head.seq);
                if !known.is(head) {
                    check.faults.push(format!(
                        "line {} is another than when the ledger was checked last: it was written anew",
                        known.seq + 1
                    ));
                    return Ok(check);
                }
            }
        }
        if let Some(known) = known
            && check.compared.is_none()
        {
            let lines = check.head.as_ref().map_or(0, |head| head.seq + 1);
            check.faults.push(format!(
                "it ends at line {lines}, and had {} when it was checked last: the end was cut off",
                known.seq + 1
            ));
        }
        if check.erased > check.told {
            check.faults.push(format!(
                "{} records are gone, and retention tells of {}: others were deleted",
                check.erased, check.told
            ));
        }
        Ok(check)
    }

    /// Checks a page; whether it is sound.
    fn take(&mut self, lines: &[u8]) -> bool {
        let before = self.head.as_ref().map_or(0, |head| head.seq + 1);
        let Report { head, records, erased, fault, .. } = match &self.head {
            None => verify(lines),
            Some(head) => verify_from(head, lines),
        };
        self.head = head.or_else(|| self.head.take());
        self.records += records;
        self.erased += erased;
        self.told += lines.split(|byte| *byte == b'\n').map(told).sum::<u64>();
        if let Some(fault) = fault {
            let line = before + u64::try_from(fault.line).unwrap_or(u64::MAX);
            self.faults.push(format!("line {line}: {}", fault.kind.text()));
            return false;
        }
        true
    }

    fn show(&self, session: &Session<'_>) {
        let (printer, sound) = (session.printer, self.faults.is_empty());
        if printer.is_json() {
            let head = self.head.as_ref().map(
                |head| json!({ "segment": head.segment, "line": head.seq + 1, "hash": head.hash.to_string() }),
            );
            return printer.document(&json!({
                "sound": sound, "records": self.records, "erased": self.erased, "removed": self.told,
                "comparedLine": self.compared.map(|seq| seq + 1), "head": head, "faults": self.faults,
            }));
        }
        for line in self.faults.iter().flat_map(|fault| fold(fault, 78)) {
            printer.data(format_args!("{} {line}", paint(style::BAD, "!")));
        }
        let Some(head) = self.head.as_ref().filter(|head| head.seq > 0) else {
            if sound {
                printer.data(format_args!("no record is sealed yet"));
            }
            return;
        };
        let (word, style) = if sound { ("sound", style::GOOD) } else { ("not sound", style::BAD) };
        let erased = match self.erased {
            0 => String::new(),
            erased => format!(", of which retention deleted {erased}"),
        };
        printer.data(format_args!("{}: records {}{erased}", paint(style, word), self.records));
        if let Some(seq) = self.compared.filter(|_| sound) {
            printer.data(format_args!("as it was when it was checked last, at line {}", seq + 1));
        }
        printer.data(format_args!("head {} at line {}", head.hash, head.seq + 1));
    }
}

/// How many records a line says that retention deleted.
fn told(line: &[u8]) -> u64 {
    let told = || {
        let line: Value = serde_json::from_slice(line).ok()?;
        let record = line.get("payload")?;
        // Nobody but the gateway itself makes such records.
        (record.get("agent")? == "retention" && record.get("decision")? == "change").then_some(())?;
        let payload: Value = serde_json::from_str(record.get("payload")?.as_str()?).ok()?;
        payload.get("gone")?.as_u64()
    };
    told().unwrap_or(0)
}

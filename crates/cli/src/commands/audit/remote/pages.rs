//! Records page by page, newest first.

use jiff::Timestamp;
use placet_ledger::query::{Entry, Query};

use super::record;
use crate::args::Filter;
use crate::commands::audit::query;
use crate::failure::Failure;
use crate::remote::{Client, list_of, text_of};

/// Records on a page at most, as gateways have it.
const PAGE: usize = 1000;

/// Pages that are still to come.
pub(super) struct Pages<'a> {
    client: &'a Client,
    wanted: Vec<(&'static str, String)>,
    /// What the gateway cannot look for by itself.
    rest: Query,
    /// Where the next page begins; nothing at the first.
    cursor: Option<String>,
    ended: bool,
}

impl<'a> Pages<'a> {
    /// Of the records that a filter wants.
    ///
    /// # Errors
    /// When a word of the filter makes no sense.
    pub(super) fn of(client: &'a Client, filter: &Filter) -> Result<Self, Failure> {
        let pattern = filter.action.clone().filter(|action| action.contains('*'));
        let rest = Query { action: pattern, ..Query::default() };
        Ok(Self { rest, ..Self::with(client, parameters(filter)?) })
    }

    /// Of the records that meet these parameters.
    pub(super) fn with(client: &'a Client, wanted: Vec<(&'static str, String)>) -> Self {
        Self { client, wanted, rest: Query::default(), cursor: None, ended: false }
    }

    /// The same, not before a time in milliseconds since 1970.
    pub(super) fn since(mut self, unix_ms: u64) -> Self {
        if !self.wanted.iter().any(|(name, _)| *name == "from") {
            self.wanted.push(("from", timestamp(unix_ms)));
        }
        self
    }

    /// The next page; nothing when there is none.
    ///
    /// # Errors
    /// When the gateway does not give it.
    pub(super) fn next(&mut self, most: usize) -> Result<Option<Vec<Entry>>, crate::remote::RemoteError> {
        if self.ended {
            return Ok(None);
        }
        let mut query = self.wanted.clone();
        query.push(("limit", most.clamp(1, PAGE).to_string()));
        query.extend(self.cursor.clone().map(|cursor| ("cursor", cursor)));
        let answer = self.client.get(&["admin", "audit"], &query)?;
        let entries = list_of(&answer, "entries");
        let next = Some(text_of(&answer, "next")).filter(|next| !next.is_empty()).map(str::to_owned);
        // A page that leads to itself would never end.
        self.ended = next.is_none() || next == self.cursor || entries.is_empty();
        self.cursor = next;
        Ok(Some(entries.iter().map(record).filter(|entry| self.rest.matches(entry)).collect()))
    }

    /// The first so many records.
    ///
    /// # Errors
    /// As [`Pages::next`].
    pub(super) fn first(mut self, most: usize) -> Result<Vec<Entry>, Failure> {
        let mut found = Vec::new();
        while found.len() < most {
            let left = if self.rest.action.is_some() { PAGE } else { most - found.len() };
            let Some(page) = self.next(left)? else { break };
            found.extend(page);
        }
        found.truncate(most);
        Ok(found)
    }
}

/// A filter in the gateway's words. A pattern of actions is none of them.
///
/// # Errors
/// When a word of it makes no sense.
pub(super) fn parameters(filter: &Filter) -> Result<Vec<(&'static str, String)>, Failure> {
    let query = query(filter)?;
    let texts = [
        ("agentId", query.agent),
        ("action", query.action.filter(|action| !action.contains('*'))),
        ("decision", query.decision.map(|verdict| verdict.name().to_owned())),
        ("from", query.from_unix_ms.map(timestamp)),
        ("to", query.until_unix_ms.map(timestamp)),
    ];
    Ok(texts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

/// A time as gateways read it.
pub(super) fn timestamp(unix_ms: u64) -> String {
    let time = i64::try_from(unix_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    time.map_or_else(String::new, |time| format!("{time:.3}"))
}

/// The time that the id of a record begins with, in milliseconds since 1970.
pub(super) fn time_of_id(id: &str) -> Option<u64> {
    const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";
    let letters = id.strip_prefix("rec_").filter(|letters| letters.len() == 26)?;
    let mut wide: u128 = 0;
    for letter in letters.chars() {
        wide = (wide << 5) | u128::try_from(ALPHABET.find(letter)?).ok()?;
    }
    u64::try_from(wide >> 80).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_their_time() {
        let id = placet_model::RecordId::new(1_700_000_000_123, [7; 10]);
        assert_eq!(time_of_id(id.as_str()), Some(1_700_000_000_123));
        for text in ["", "rec_", "rec_uuuuuuuuuuuuuuuuuuuuuuuuuu", "toolu_1"] {
            assert_eq!(time_of_id(text), None, "{text}");
        }
    }
}

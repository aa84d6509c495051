//! Time windows, days and zones.
//!
//! A zone becomes a table of offsets when the policy is compiled, so that deciding needs no zone data.

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;

/// First and last second for which offsets are looked up: 2020 to 2100.
const FROM_SECONDS: i64 = 1_577_836_800;
const TO_SECONDS: i64 = 4_102_444_800;

/// `09:00-18:00` as minutes of the day.
pub(crate) fn window(text: &str) -> Option<(u32, u32)> {
    let (from, to) = text.split_once('-')?;
    Some((minute(from.trim())?, minute(to.trim())?))
}

fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |text: &str| {
        (text.len() <= 2 && text.chars().all(|c| c.is_ascii_digit()))
            .then(|| text.parse::<u32>().ok())
            .flatten()
    };
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    (hour < 24 && minute < 60 || (hour == 24 && minute == 0)).then_some(hour * 60 + minute)
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A day or a range of days as bits from Monday.
pub(crate) fn days(text: &str) -> Option<u32> {
    let day = |text: &str| {
        let text = text.trim().to_ascii_lowercase();
        let full = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        DAYS.iter().position(|day| *day == text).or_else(|| full.iter().position(|day| *day == text))
    };
    let Some((from, to)) = text.split_once('-') else { return day(text).map(|day| 1 << day) };
    let (from, to) = (day(from)?, day(to)?);
    let mut mask = 0;
    let mut at = from;
    loop {
        mask |= 1 << at;
        if at == to {
            return Some(mask);
        }
        at = (at + 1) % 7;
    }
}

/// Offsets of a zone; else help for the author.
pub(crate) fn offsets(name: &str) -> Result<Vec<(i64, i32)>, String> {
    if let Some(seconds) = fixed(name) {
        return Ok(vec![(i64::MIN, seconds)]);
    }
    let database = TimeZoneDatabase::bundled();
    let zone = database.get(name).map_err(|_| {
        let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        match super::suggest::nearest(name, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write a name such as `Europe/Berlin`, `UTC`, or an offset such as `+02:00`".to_owned(),
        }
    })?;
    let start = Timestamp::from_second(FROM_SECONDS).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut out = vec![(i64::MIN, zone.to_offset(start).seconds())];
    for transition in zone.following(start) {
        let second = transition.timestamp().as_second();
        if second > TO_SECONDS {
            break;
        }
        out.push((second, transition.offset().seconds()));
    }
    Ok(out)
}

fn fixed(name: &str) -> Option<i32> {
    if matches!(name, "UTC" | "utc" | "Z") {
        return Some(0);
    }
    let (sign, rest) = match name.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, name.strip_prefix('-')?),
    };
    let minutes = minute(rest).filter(|minutes| *minutes <= 14 * 60)?;
    i32::try_from(minutes * 60).ok().map(|seconds| sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones() {
        assert_eq!(offsets("+02:00").unwrap(), [(i64::MIN, 7200)]);
        let berlin = offsets("Europe/Berlin").unwrap();
        assert_eq!(berlin[0], (i64::MIN, 3600));
        assert_eq!(berlin[1], (1_585_443_600, 7200));
        assert!(berlin.len() > 100);
        assert!(offsets("Europe/Berln").unwrap_err().contains("Europe/Berlin"));
        assert_eq!(days("sat-mon"), Some(0b110_0001));
        assert_eq!(window("22:00-6:00"), Some((1320, 360)));
        assert_eq!(window("25:00-6:00"), None);
    }
}

//! With a clock that is moved by hand.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use super::{ADDRESSES, Limits};

const SECOND: Duration = Duration::from_secs(1);

fn limits(calls: u32) -> Limits {
    Limits::new(Some(NonZeroU32::new(calls).unwrap()))
}

/// Calls in a row that are let in at that time.
fn admitted(limits: &Limits, who: &str, now: Duration) -> usize {
    (0..10_000).take_while(|_| limits.agent(who, now).is_ok()).count()
}

#[test]
fn a_minutes_worth_comes_at_once_and_then_the_pace_holds() {
    let limits = limits(60);
    assert_eq!(admitted(&limits, "one", SECOND), 60);
    assert_eq!(admitted(&limits, "one", SECOND), 0);
    assert_eq!(admitted(&limits, "other", SECOND), 60, "each by itself");
    assert_eq!(admitted(&limits, "one", SECOND + Duration::from_millis(999)), 0);
    assert_eq!(admitted(&limits, "one", SECOND * 2), 1);
    assert_eq!(admitted(&limits, "one", SECOND * 12), 10);
    assert_eq!(admitted(&limits, "one", SECOND * 600), 60, "nobody saves up more than a minute");
    assert_eq!(limits.pause_s(), 1);
}

#[test]
fn a_slow_pace_lets_the_first_call_in() {
    let limits = limits(1);
    assert_eq!(admitted(&limits, "one", SECOND), 1);
    assert_eq!(admitted(&limits, "one", SECOND * 60), 0);
    assert_eq!(admitted(&limits, "one", SECOND * 61), 1);
    assert_eq!(limits.pause_s(), 60);
}

#[test]
fn who_is_refused_is_told_how_long() {
    let limits = limits(60);
    admitted(&limits, "one", SECOND);
    let refused = limits.agent("one", SECOND + Duration::from_millis(400)).unwrap_err();
    assert_eq!((refused.status.as_u16(), refused.code), (429, "rate_limited"));
    assert!(refused.message.contains("600 ms"), "{}", refused.message);
    assert!(!refused.remedy.is_empty());
}

#[test]
fn a_clock_that_stands_or_goes_back_loses_nothing() {
    let limits = limits(60);
    assert_eq!(admitted(&limits, "one", SECOND * 100), 60);
    assert_eq!(admitted(&limits, "one", SECOND), 0);
    assert_eq!(admitted(&limits, "one", SECOND * 101), 1);
}

#[test]
fn without_a_limit_nothing_is_counted() {
    let limits = Limits::new(None);
    assert_eq!(admitted(&limits, "one", SECOND), 10_000);
    assert_eq!(limits.agents.len(), 0);
}

#[test]
fn a_million_addresses_take_no_more_room_than_there_is() {
    let limits = limits(60);
    let mut refused = 0;
    for number in 0..1_000_000u32 {
        refused += u32::from(limits.stranger(IpAddr::V4(Ipv4Addr::from_bits(number)), SECOND).is_err());
        assert!(limits.addresses.shards.len() <= 16);
    }
    assert!(limits.addresses.len() <= ADDRESSES);
    assert!(refused > 900_000, "those for whom there is no room share one pace: {refused}");
    // One that is known is counted on its own all the same, and time makes room.
    assert!(limits.stranger(IpAddr::V4(Ipv4Addr::from_bits(0)), SECOND).is_ok());
    let later = SECOND * 120;
    for number in 2_000_000..2_001_000u32 {
        assert!(limits.stranger(IpAddr::V4(Ipv4Addr::from_bits(number)), later).is_ok());
    }
}

#[test]
fn neighbours_of_ipv6_are_one_and_mapped_addresses_are_ipv4() {
    let limits = limits(1);
    let of = |low: u128| IpAddr::V6(Ipv6Addr::from_bits(0x2001_0db8 << 96 | low));
    assert!(limits.stranger(of(1), SECOND).is_ok());
    assert!(limits.stranger(of(2), SECOND).is_err());
    assert!(limits.stranger(of(1 << 64), SECOND).is_ok());
    let four = Ipv4Addr::new(192, 0, 2, 1);
    assert!(limits.stranger(IpAddr::V4(four), SECOND).is_ok());
    assert!(limits.stranger(IpAddr::V6(four.to_ipv6_mapped()), SECOND).is_err());
}

//! `conditions` and `unless` of a rule on one action (sections 4, 5.1 and 5.6).

use placet_model::{Action, PathRef, PermissionMode, Resource};
use placet_policy::Situation;
use serde_json::Value;

use super::data::{ContextTest, Effect, PathTest, Rule, Test, TimeTest};
use super::glob::{self, Case};
use super::paths;
use super::sure::{Reading, Sure};
use super::web;
use super::words::{Run, without_blanks};

/// One action of a call, read one way.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) situation: &'a Situation<'a>,
    pub(crate) action: &'a Action,
    pub(crate) reading: Reading,
    /// `unless` of the rule, for entries of trees.
    unless: &'a [Test],
}

/// How the conditions of a rule come out, its action patterns apart.
pub(crate) fn rule_holds(rule: &Rule, situation: &Situation<'_>, action: &Action) -> Sure {
    let reading = if rule.effect == Effect::Allow { Reading::Strict } else { Reading::Loose };
    let unless: &[Test] = if reading.strict() { &[] } else { &rule.unless };
    let view = View { situation, action, reading, unless };
    let exception = View { reading: reading.opposite(), unless: &[], ..view };
    if !rule.unless.is_empty() && exception.all(&rule.unless) != Sure::No {
        return Sure::No;
    }
    Sure::all([
        if rule.tool.is_empty() { Sure::Yes } else { view.call("tool", &rule.tool) },
        if rule.regex.is_empty() { Sure::Yes } else { view.resource("regex", &rule.regex) },
        view.all(&rule.conditions),
    ])
}

impl View<'_> {
    fn all(&self, tests: &[Test]) -> Sure {
        Sure::all(tests.iter().map(|test| self.test(test)))
    }

    fn test(&self, test: &Test) -> Sure {
        match test {
            Test::Resource(operators) => {
                Sure::all(operators.iter().map(|(operator, texts)| self.resource(operator, texts)))
            }
            Test::Command(test) => self.run().map_or(Sure::No, |run| run.command_is(test)),
            Test::Path(test) => self.path(test),
            Test::Host(patterns) => web::hosts(patterns, &self.action.resource, self.reading),
            Test::Call(key, texts) => self.call(key, texts),
            Test::Time(test) => Sure::from(time(test, self.situation.unix_seconds)),
            Test::Context(key, test) => Sure::from(context(self.situation.context, key, test)),
            Test::Alias("command_contains", texts) => self.resource("contains", texts),
            Test::Alias("path_pattern", texts) => {
                self.path(&PathTest { matches: texts.clone(), ..PathTest::default() })
            }
            Test::Alias(_, texts) => self.resource("matches", texts),
        }
    }

    fn run(&self) -> Option<Run<'_>> {
        let Resource::Command(command) = &self.action.resource else { return None };
        Some(Run { situation: self.situation, command, chain: &self.action.chain, reading: self.reading })
    }

    fn on_path<T>(&self, path: &PathRef, ask: impl FnOnce(&paths::Asked<'_>) -> T) -> T {
        let excepted = |entry: &PathRef| {
            let action = Action { resource: Resource::Path(entry.clone()), ..self.action.clone() };
            let view = View { action: &action, reading: Reading::Strict, unless: &[], ..*self };
            !self.unless.is_empty() && view.all(self.unless) == Sure::Yes
        };
        ask(&paths::Asked { situation: self.situation, path, reading: self.reading, excepted: &excepted })
    }

    fn path(&self, test: &PathTest) -> Sure {
        let Resource::Path(path) = &self.action.resource else { return Sure::No };
        let given =
            |values: &[String], holds: &dyn Fn() -> Sure| if values.is_empty() { Sure::Yes } else { holds() };
        self.on_path(path, |asked| {
            let place =
                |key: &str, areas: &[String]| Sure::any(areas.iter().map(|area| asked.place(key, area)));
            let reach = format!("{:?}", path.reach).to_lowercase();
            Sure::all([
                given(&test.matches, &|| asked.matches(&test.matches)),
                given(&test.inside, &|| place("inside", &test.inside)),
                given(&test.outside, &|| place("outside", &test.outside)),
                Sure::from(test.reach.is_none_or(|wanted| wanted == reach)),
            ])
        })
    }

    fn resource(&self, operator: &str, texts: &[String]) -> Sure {
        match &self.action.resource {
            Resource::Path(path) if operator == "regex" => self.on_path(path, |asked| asked.regex(texts)),
            Resource::Path(path) => {
                let patterns: Vec<String> =
                    texts.iter().flat_map(|text| path_patterns(operator, text)).collect();
                if patterns.is_empty() {
                    Sure::No
                } else {
                    self.on_path(path, |asked| asked.matches(&patterns))
                }
            }
            Resource::Command(_) => Sure::any(
                self.run().iter().flat_map(|run| texts.iter().map(|text| run.resource(operator, text))),
            ),
            Resource::Url(_) | Resource::Host(_) => Sure::any(
                texts.iter().map(|text| web::resource(operator, text, &self.action.resource, self.reading)),
            ),
            Resource::Text(own) => Sure::from(texts.iter().any(|text| self.text(operator, text, own))),
        }
    }

    fn text(&self, operator: &str, wanted: &str, own: &str) -> bool {
        match operator {
            "matches" => glob::text(wanted, own, Case::Counts),
            "startsWith" => own.starts_with(wanted),
            "regex" => regex_lite::Regex::new(wanted).unwrap().is_match(own),
            _ => {
                let runs = self.action.kind.name().starts_with("execute:");
                let closely = runs && !self.reading.strict();
                own.contains(wanted) || closely && without_blanks(own).contains(&without_blanks(wanted))
            }
        }
    }

    fn call(&self, key: &str, texts: &[String]) -> Sure {
        let situation = self.situation;
        let equal = |own: Option<&str>| own.is_some_and(|own| texts.iter().any(|text| text == own));
        Sure::from(match key {
            "tool" => glob::any(texts, situation.tool, Case::Counts),
            "mode" => match situation.mode {
                PermissionMode::Unknown => !self.reading.strict() && equal(Some("bypassPermissions")),
                known => equal(Some(known.name())),
            },
            "autonomy" => equal(Some(situation.autonomy.unwrap_or("unset"))),
            "environment" => equal(Some(situation.environment.unwrap_or("unset"))),
            "tags" => situation.agent.tags.iter().any(|tag| texts.contains(tag)),
            _ => tier(texts, &situation.agent.tier),
        })
    }
}

/// Whether the agent's tier is one of those.
pub(crate) fn tier(texts: &[String], own: &str) -> bool {
    texts.iter().any(|text| usual_tier(text) == usual_tier(own))
}

fn usual_tier(word: &str) -> &str {
    match word {
        "untrusted" | "anonymous" | "sandboxed" | "restricted" => "unverified",
        other => other,
    }
}

/// The path patterns that a text under `resource:` becomes.
fn path_patterns(operator: &str, text: &str) -> Vec<String> {
    let fixed = glob::escaped(text);
    match operator {
        "matches" if text.contains("://") || text.contains(' ') => Vec::new(),
        "matches" => vec![text.to_owned()],
        _ if text.contains("://") || text.contains("..") => Vec::new(),
        "startsWith" if text.ends_with('/') => vec![format!("{fixed}**")],
        "startsWith" => vec![format!("{fixed}*"), format!("{fixed}*/**")],
        _ => {
            let before = if text.starts_with('/') { "" } else { "*" };
            let behind = if text.ends_with('/') { "" } else { "*" };
            vec![format!("**/{before}{fixed}{behind}/**")]
        }
    }
}

fn time(test: &TimeTest, unix_seconds: i64) -> bool {
    let local = unix_seconds + offset(test.zone, unix_seconds);
    let minute = local.div_euclid(60).rem_euclid(24 * 60);
    // 1970-01-01 was a Thursday.
    let day = usize::try_from((local.div_euclid(24 * 3600) + 3).rem_euclid(7)).unwrap();
    let clock = test.between.is_none_or(|(from, to)| {
        if from <= to { from <= minute && minute < to } else { from <= minute || minute < to }
    });
    clock && test.days.is_none_or(|(first, last)| (first..=last).contains(&day))
}

/// Seconds east of Greenwich.
fn offset(zone: &str, unix_seconds: i64) -> i64 {
    match zone {
        "UTC" => 0,
        "+05:30" => 5 * 3600 + 30 * 60,
        "-03:00" => -3 * 3600,
        named => {
            let zone = jiff::tz::TimeZone::get(named).unwrap();
            i64::from(zone.to_offset(jiff::Timestamp::from_second(unix_seconds).unwrap()).seconds())
        }
    }
}

fn context(object: &Value, key: &str, test: &ContextTest) -> bool {
    let inside = || key.split('.').try_fold(object, |value, part| value.get(part));
    let Some(own) = object.get(key).or_else(inside) else { return false };
    match test {
        ContextTest::Equal(values) | ContextTest::In(values) => {
            values.iter().any(|value| same_value(value, own))
        }
        ContextTest::NotMatches(glob) => own.as_str().is_some_and(|own| !glob::text(glob, own, Case::Counts)),
        ContextTest::Between(min, max) => {
            own.as_f64().is_some_and(|own| (*min as f64..=*max as f64).contains(&own))
        }
    }
}

fn same_value(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().is_some_and(|number| other.as_f64() == Some(number))
}

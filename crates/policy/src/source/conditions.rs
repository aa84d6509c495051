//! `conditions:` and `unless:`.

use placet_model::{Does, Reach};

use super::patterns::{host, path_texts_for, url, words};
use super::place::Place;
use super::reader::{Reader, json};
use super::yaml::{Kind, Node};
use super::{suggest, time};
use crate::ir::{CommandCond, Condition, ContextTest, PathCond, ResourceCond, ResourceOp};
use crate::matching::regex;

/// Permission modes in the order of their bits.
pub(crate) const MODES: [&str; 6] =
    ["default", "acceptEdits", "plan", "dontAsk", "bypassPermissions", "auto"];
/// Areas in the order of their bits.
pub(crate) const AREAS: [&str; 4] = ["project", "home", "cwd", "tmp"];
/// Locations in the order of their bits.
pub(crate) const LOCATIONS: [&str; 3] = ["path", "system", "elsewhere"];

pub(crate) const CONDITION_KEYS: [&str; 21] = [
    "resource",
    "command",
    "path",
    "host",
    "mode",
    "autonomy",
    "environment",
    "time",
    "tier",
    "tags",
    "rate",
    "rateLimit",
    "context",
    "tool",
    "time_range",
    "command_contains",
    "command_pattern",
    "path_pattern",
    "resourcePattern",
    "amount_max",
    "amount_min",
];
pub(crate) const COMMAND_KEYS: [&str; 10] = [
    "program",
    "subcommand",
    "flags",
    "arguments",
    "does",
    "understood",
    "location",
    "wrapped_by",
    "operands",
    "chain",
];

impl Reader<'_> {
    /// Reads a map of conditions. `strict`: their patterns are read for certainty, as an allow needs it.
    pub(crate) fn conditions(&mut self, node: &Node, what: &str, strict: bool) -> Vec<Condition> {
        if let Kind::List(_) = node.kind {
            self.error(
                node.place,
                format!("`{what}` is a list of expressions, a dialect that is not supported"),
                "write a map such as `resource: {matches: …}`, `mode:` or `context:`",
            );
            return Vec::new();
        }
        let Some(fields) = self.fields(node, what, &CONDITION_KEYS) else { return Vec::new() };
        let mut out = Vec::new();
        for (key, value) in fields.entries {
            self.condition(&key.name, key.place, value, strict, &mut out);
        }
        out
    }

    fn condition(&mut self, key: &str, place: Place, node: &Node, strict: bool, out: &mut Vec<Condition>) {
        match key {
            "resource" => self.resource(node, strict, out),
            "command_contains" => out.extend(self.operator(ResourceOp::Contains, node, key, strict)),
            "command_pattern" | "resourcePattern" => {
                out.extend(self.operator(ResourceOp::Matches, node, key, strict))
            }
            "path_pattern" => {
                let matches = Some(self.path_list(node, key, strict));
                out.push(Condition::Path(PathCond { matches, ..PathCond::default() }));
            }
            "command" => out.extend(self.command(node).map(Condition::Command)),
            "path" => out.extend(self.path_condition(node, strict).map(Condition::Path)),
            "host" => {
                let mut hosts = Vec::new();
                for (text, place) in self.texts(node, key) {
                    hosts.extend(self.globs(&text, place).iter().map(|glob| host(glob)));
                }
                out.push(Condition::Host(hosts));
            }
            "mode" => out.push(Condition::Mode(self.mask(node, key, &MODES))),
            "autonomy" => out.push(Condition::Autonomy(self.strings(node, key))),
            "environment" => out.push(Condition::Environment(self.strings(node, key))),
            "time" => out.extend(self.time(node).map(Condition::Time)),
            "time_range" => out.extend(self.time_range(node).map(Condition::Time)),
            "tier" => {
                let tiers = self.tiers(node, key);
                out.push(Condition::Tier(tiers));
            }
            "tags" => out.push(Condition::Tags(self.strings(node, key))),
            "tool" => {
                let globs = self.glob_list(node, key);
                out.push(Condition::Tool(globs));
            }
            "context" => self.context(node, out),
            "amount_max" | "amount_min" => self.amount(key, node, out),
            "rate" | "rateLimit" => {
                self.error(
                    place,
                    format!("`{key}` cannot be judged by one machine alone"),
                    "put rate limits into a policy of the gateway, or remove the condition",
                );
            }
            _ => {}
        }
    }

    fn resource(&mut self, node: &Node, strict: bool, out: &mut Vec<Condition>) {
        let known = ["matches", "startsWith", "contains", "regex"];
        let Some(fields) = self.fields(node, "resource", &known) else { return };
        if fields.entries.is_empty() {
            self.error(
                node.place,
                "`resource` is empty",
                "use `matches`, `startsWith`, `contains` or `regex`",
            );
        }
        for (key, value) in fields.entries {
            let op = match key.name.as_str() {
                "matches" => ResourceOp::Matches,
                "startsWith" => ResourceOp::StartsWith,
                "contains" => ResourceOp::Contains,
                _ => ResourceOp::Regex,
            };
            out.extend(self.operator(op, value, &key.name, strict));
        }
    }

    /// One operator on the resource, read for every kind of resource.
    pub(crate) fn operator(
        &mut self,
        op: ResourceOp,
        node: &Node,
        what: &str,
        strict: bool,
    ) -> Option<Condition> {
        let mut cond =
            ResourceCond { op, texts: Vec::new(), paths: Vec::new(), urls: Vec::new(), words: Vec::new() };
        for (text, place) in self.texts(node, what) {
            if text.trim().is_empty() {
                self.error(
                    place,
                    format!("`{what}` has an empty text"),
                    "an empty text would match everything; leave the condition out instead",
                );
                continue;
            }
            match op {
                ResourceOp::Matches => {
                    for text in self.globs(&text, place) {
                        cond.urls.push(url(&text));
                        cond.texts.push(text);
                    }
                    // A text with blanks or a scheme is no path; its `..` and `$` mean nothing to us.
                    if !text.contains("://") && !text.contains(' ') {
                        cond.paths.extend(self.paths(&text, place, strict));
                    }
                }
                ResourceOp::StartsWith | ResourceOp::Contains => {
                    let starts = op == ResourceOp::StartsWith;
                    if !text.contains("://") && !text.contains("..") {
                        for glob in path_texts_for(starts, &text) {
                            cond.paths.extend(self.paths(&glob.replace("${", "[$]{"), place, strict));
                        }
                    }
                    cond.urls.push(match (starts, text.contains("://") || text.contains('/')) {
                        (true, true) => url(&format!("{text}*")),
                        (true, false) => url(&text),
                        (false, true) if text.starts_with('/') => {
                            url(&format!("*/*{}*", text.trim_start_matches('/')))
                        }
                        (false, true) => url(&format!("*{text}*")),
                        (false, false) => url(&format!("*{text}*")),
                    });
                    cond.words.push(words(&text));
                    cond.texts.push(text);
                }
                ResourceOp::Regex => {
                    if let Err(why) = regex::compile(&text) {
                        self.error(place, format!("`{text}` is not a regular expression: {why}"), "the syntax is that of the Rust `regex` crate without Unicode classes; write it in single quotes");
                        continue;
                    }
                    cond.texts.push(text);
                }
            }
        }
        Some(Condition::Resource(cond))
    }

    fn glob_list(&mut self, node: &Node, what: &str) -> Vec<String> {
        let texts = self.texts(node, what);
        texts.iter().flat_map(|(text, place)| self.globs(text, *place)).collect()
    }

    pub(crate) fn tool(&mut self, node: &Node) -> Condition {
        Condition::Tool(self.glob_list(node, "tool"))
    }

    fn path_list(&mut self, node: &Node, what: &str, strict: bool) -> Vec<crate::ir::PathPattern> {
        let texts = self.texts(node, what);
        texts.iter().flat_map(|(text, place)| self.paths(text, *place, strict)).collect()
    }

    fn path_condition(&mut self, node: &Node, strict: bool) -> Option<PathCond> {
        let fields = self.fields(node, "path", &["matches", "inside", "outside", "reach"])?;
        if fields.entries.is_empty() {
            self.error(node.place, "`path` is empty", "use `matches`, `inside`, `outside` or `reach`");
        }
        let mut cond = PathCond::default();
        for (key, value) in fields.entries {
            match key.name.as_str() {
                "matches" => cond.matches = Some(self.path_list(value, "matches", strict)),
                "inside" => cond.inside = self.mask(value, "inside", &AREAS),
                "outside" => cond.outside = self.mask(value, "outside", &AREAS),
                _ => {
                    let text = self.text(value, "reach")?;
                    let word = self.word(&text, value.place, "reach", &["entry", "tree"])?;
                    cond.reach = Some(if word == "tree" { Reach::Tree } else { Reach::Entry });
                }
            }
        }
        Some(cond)
    }

    fn command(&mut self, node: &Node) -> Option<CommandCond> {
        let fields = self.fields(node, "command", &COMMAND_KEYS)?;
        if fields.entries.is_empty() {
            self.error(node.place, "`command` is empty", format!("use one of {}", COMMAND_KEYS.join(", ")));
        }
        let mut cond = CommandCond::default();
        for (key, value) in fields.entries {
            match key.name.as_str() {
                "program" => cond.program = self.glob_list(value, "program"),
                "subcommand" => cond.subcommand = self.strings(value, "subcommand"),
                "flags" => self.flags(value, &mut cond),
                "arguments" => cond.arguments = self.glob_list(value, "arguments"),
                "does" => {
                    let names: Vec<&str> = Does::ALL.iter().map(|does| does.name()).collect();
                    cond.does = self.mask(value, "does", &names);
                }
                "understood" => cond.understood = self.flag(value, "understood"),
                "location" => cond.location = self.mask(value, "location", &LOCATIONS),
                "operands" => {
                    let text = self.text(value, "operands")?;
                    cond.operands = self
                        .word(&text, value.place, "operands", &["none", "some"])
                        .map(|word| word == "some");
                }
                _ => cond.wrapped_by = self.glob_list(value, "wrapped_by"),
            }
        }
        Some(cond)
    }

    /// `flags: [a, b]` is short for `flags: {any: [a, b]}`.
    fn flags(&mut self, node: &Node, cond: &mut CommandCond) {
        let bare = |texts: Vec<String>| {
            texts.into_iter().map(|text| text.trim_start_matches('-').to_owned()).collect()
        };
        if !matches!(node.kind, Kind::Map(_)) {
            cond.flags_any = bare(self.strings(node, "flags"));
            return;
        }
        let Some(fields) = self.fields(node, "flags", &["any", "all", "none"]) else { return };
        for (key, value) in fields.entries {
            let texts = bare(self.strings(value, &key.name));
            match key.name.as_str() {
                "any" => cond.flags_any = texts,
                "all" => cond.flags_all = texts,
                _ => cond.flags_none = texts,
            }
        }
    }

    pub(crate) fn tiers(&mut self, node: &Node, what: &str) -> Vec<String> {
        let mut out = Vec::new();
        for (text, place) in self.texts(node, what) {
            if crate::matching::tier::canonical(&text).is_none() {
                self.error(
                    place,
                    format!("`{text}` is not a trust tier"),
                    suggest::help(&text, &crate::matching::tier::NAMES),
                );
            }
            out.push(crate::matching::tier::canonical(&text).unwrap_or(&text).to_owned());
        }
        out
    }

    fn context(&mut self, node: &Node, out: &mut Vec<Condition>) {
        let Kind::Map(entries) = &node.kind else {
            let _ = self.fields(node, "context", &[]);
            return;
        };
        if entries.is_empty() {
            self.error(node.place, "`context` is empty", "name a key and the value it must have");
        }
        for (key, value) in entries {
            let test = match &value.kind {
                Kind::Map(_) => self.context_test(value),
                Kind::List(items) => {
                    Some(ContextTest::In(items.iter().map(|item| json(item).to_string()).collect()))
                }
                _ => Some(ContextTest::In(vec![json(value).to_string()])),
            };
            out.extend(test.map(|test| Condition::Context { key: key.name.clone(), test }));
        }
    }

    fn context_test(&mut self, node: &Node) -> Option<ContextTest> {
        let fields = self.fields(node, "context", &["in", "not_matches", "min", "max"])?;
        if let Some(value) = fields.get("in") {
            let Kind::List(items) = &value.kind else {
                return Some(ContextTest::In(vec![json(value).to_string()]));
            };
            return Some(ContextTest::In(items.iter().map(|item| json(item).to_string()).collect()));
        }
        if let Some(value) = fields.get("not_matches") {
            return Some(ContextTest::NotMatches(self.glob_list(value, "not_matches")));
        }
        if fields.entries.is_empty() {
            self.error(node.place, "a `context` test is empty", "use `in`, `not_matches`, `min` or `max`");
            return None;
        }
        let min = fields.get("min").and_then(|value| self.number(value, "min"));
        let max = fields.get("max").and_then(|value| self.number(value, "max"));
        Some(ContextTest::Range(min, max))
    }

    fn number(&mut self, node: &Node, what: &str) -> Option<f64> {
        let number = match &node.kind {
            Kind::Number(text) => text.parse::<f64>().ok().filter(|number| number.is_finite()),
            _ => None,
        };
        if number.is_none() {
            self.error(node.place, format!("`{what}` must be a number"), "write a number without quotes");
        }
        number
    }

    fn amount(&mut self, key: &str, node: &Node, out: &mut Vec<Condition>) {
        let Some(number) = self.number(node, key) else { return };
        let test = if key == "amount_max" {
            ContextTest::Range(None, Some(number))
        } else {
            ContextTest::Range(Some(number), None)
        };
        out.push(Condition::Context { key: "amount".to_owned(), test });
    }

    fn time(&mut self, node: &Node) -> Option<crate::ir::TimeCond> {
        let fields = self.fields(node, "time", &["between", "days", "zone"])?;
        let between = match fields.get("between") {
            Some(value) => self.windows(value),
            None => Vec::new(),
        };
        let days = match fields.get("days") {
            Some(value) => self.days(value),
            None => 0b111_1111,
        };
        let Some(zone) = fields.get("zone") else {
            self.error(
                fields.place,
                "`time` names no `zone`",
                "add `zone: Europe/Berlin`, `zone: UTC` or `zone: \"+02:00\"`",
            );
            return None;
        };
        let name = self.text(zone, "zone")?;
        match time::offsets(&name) {
            Ok(offsets) => Some(crate::ir::TimeCond { between, days, offsets }),
            Err(help) => {
                self.error(zone.place, format!("`{name}` is not a time zone"), help);
                None
            }
        }
    }

    fn time_range(&mut self, node: &Node) -> Option<crate::ir::TimeCond> {
        let between = self.windows(node);
        self.warn(
            node.place,
            "`time_range` names no zone and is read as UTC",
            "use `time: {between: \"09:00-18:00\", zone: Europe/Berlin}`",
        );
        Some(crate::ir::TimeCond { between, days: 0b111_1111, offsets: vec![(i64::MIN, 0)] })
    }

    fn windows(&mut self, node: &Node) -> Vec<(u32, u32)> {
        let mut out = Vec::new();
        for (text, place) in self.texts(node, "between") {
            match time::window(&text) {
                Some(window) => out.push(window),
                None => self.error(
                    place,
                    format!("`{text}` is not a time window"),
                    "write `09:00-18:00`; a window may pass midnight",
                ),
            }
        }
        out
    }

    fn days(&mut self, node: &Node) -> u32 {
        let mut mask = 0;
        for (text, place) in self.texts(node, "days") {
            match time::days(&text) {
                Some(days) => mask |= days,
                None => self.error(
                    place,
                    format!("`{text}` is not a day"),
                    "write mon, tue, wed, thu, fri, sat, sun or a range such as mon-fri",
                ),
            }
        }
        mask
    }
}

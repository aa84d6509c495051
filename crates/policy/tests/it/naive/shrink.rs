//! Makes a difference smaller while it stays one.

use super::calls::Call;
use super::data::{Policy, Rule, Test};

/// Takes parts away as long as `differs` holds for what is left.
pub(crate) fn shrink(
    mut policies: Vec<Policy>,
    mut call: Call,
    differs: &dyn Fn(&[Policy], &Call) -> bool,
) -> (Vec<Policy>, Call) {
    loop {
        let fewer_actions = smaller_calls(&call).into_iter().find(|call| differs(&policies, call));
        if let Some(smaller) = fewer_actions {
            call = smaller;
            continue;
        }
        match smaller_sets(&policies).into_iter().find(|policies| differs(policies, &call)) {
            Some(smaller) => policies = smaller,
            None => return (policies, call),
        }
    }
}

fn smaller_calls(call: &Call) -> Vec<Call> {
    let with = |actions| {
        let mut call = call.clone();
        call.actions = actions;
        call
    };
    without_one(&call.actions).into_iter().map(with).collect()
}

fn without_one<T: Clone>(all: &[T]) -> Vec<Vec<T>> {
    let without = |at: usize| {
        all.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, item)| item.clone()).collect()
    };
    (0..all.len()).map(without).collect()
}

/// Each list with one of its items replaced by something smaller.
fn one_smaller<T: Clone>(all: &[T], smaller: impl Fn(&T) -> Vec<T>) -> Vec<Vec<T>> {
    let mut out = Vec::new();
    for (at, item) in all.iter().enumerate() {
        for replacement in smaller(item) {
            let mut copy = all.to_vec();
            copy[at] = replacement;
            out.push(copy);
        }
    }
    out
}

fn smaller_sets(policies: &[Policy]) -> Vec<Vec<Policy>> {
    let mut out = without_one(policies);
    out.extend(one_smaller(policies, |policy| {
        let rules = without_one(&policy.rules).into_iter().chain(one_smaller(&policy.rules, smaller_rules));
        rules.map(|rules| Policy { rules, ..policy.clone() }).collect()
    }));
    out
}

fn smaller_rules(rule: &Rule) -> Vec<Rule> {
    let mut out = Vec::new();
    for conditions in
        without_one(&rule.conditions).into_iter().chain(one_smaller(&rule.conditions, smaller_tests))
    {
        out.push(Rule { conditions, ..rule.clone() });
    }
    for unless in without_one(&rule.unless).into_iter().chain(one_smaller(&rule.unless, smaller_tests)) {
        out.push(Rule { unless, ..rule.clone() });
    }
    for regex in without_one(&rule.regex) {
        out.push(Rule { regex, ..rule.clone() });
    }
    out
}

fn smaller_tests(test: &Test) -> Vec<Test> {
    let fewer = |texts: &[String]| without_one(texts).into_iter().filter(|texts| !texts.is_empty());
    match test {
        Test::Resource(operators) if operators.len() > 1 => {
            without_one(operators).into_iter().map(Test::Resource).collect()
        }
        Test::Resource(operators) => {
            let (operator, texts) = &operators[0];
            fewer(texts).map(|texts| Test::Resource(vec![(operator, texts)])).collect()
        }
        Test::Host(texts) => fewer(texts).map(Test::Host).collect(),
        Test::Alias(key, texts) => fewer(texts).map(|texts| Test::Alias(key, texts)).collect(),
        Test::Path(path) => fewer(&path.matches)
            .map(|matches| {
                let mut path = path.clone();
                path.matches = matches;
                Test::Path(path)
            })
            .collect(),
        _ => Vec::new(),
    }
}

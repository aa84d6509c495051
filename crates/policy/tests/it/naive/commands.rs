//! `command:` (section 5.5).

use placet_model::{Arg, Does, Location};

use super::data::CommandTest;
use super::glob::{self, Case};
use super::sure::Sure;
use super::words::{Run, as_pattern};

impl Run<'_> {
    /// All keys of `command:` that are given.
    pub(crate) fn command_is(&self, test: &CommandTest) -> Sure {
        let by_model = !(test.program.is_empty()
            && test.subcommand.is_empty()
            && test.does.is_empty()
            && no_flags(test));
        let named = !test.location.is_empty() || test.program.iter().any(|program| program.contains('/'));
        if self.strict() && self.elsewhere() && by_model && !named {
            return Sure::No;
        }
        Sure::all([
            one_of(&test.program, |program| self.program_is(program)),
            one_of(&test.subcommand, |words| self.subcommand_is(words)),
            one_of(&test.flags_any, |name| self.option(name)),
            Sure::all(test.flags_all.iter().map(|name| self.option(name))),
            Sure::from(!test.flags_none.iter().any(|name| self.has(name))),
            self.arguments_are(&test.arguments),
            self.does_only(&test.does),
            Sure::from(test.understood.is_none_or(|understood| understood == self.command.understood)),
            one_of(&test.location, |word| Sure::from(word == self.location())),
            self.wrapped_by(&test.wrapped_by),
            one_of(&test.operands, |word| self.operands_are(word)),
        ])
    }

    fn location(&self) -> &'static str {
        match self.command.location {
            Location::Path => "path",
            Location::System => "system",
            Location::Elsewhere => "elsewhere",
        }
    }

    fn case(&self) -> Case {
        if self.strict() { Case::Counts } else { Case::Apart }
    }

    fn program_is(&self, glob: &str) -> Sure {
        if glob.contains('/') {
            return Sure::from(self.command_word().is_some_and(|word| glob::text(glob, word, self.case())));
        }
        Sure::from(glob::text(glob, &self.command.program, self.case()))
    }

    fn subcommand_is(&self, words: &str) -> Sure {
        let words: Vec<&str> = words.split_whitespace().collect();
        let own: Vec<&str> = self.command.subcommand.iter().map(String::as_str).collect();
        if own.starts_with(&words) {
            return Sure::Yes;
        }
        let guess = !self.strict() && !self.command.understood && own.is_empty();
        let first: Vec<Option<&str>> =
            self.command.operands.iter().map(Arg::known).take(words.len()).collect();
        Sure::from(guess && first == words.into_iter().map(Some).collect::<Vec<_>>())
    }

    /// What `flags: {none}` asks about; strictly also whether it may be given.
    fn has(&self, option: &str) -> bool {
        let (name, value) =
            option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
        let by_model = Run { reading: self.reading.opposite(), ..*self }.by_model(name, value);
        let least = if self.strict() { Sure::Possible } else { Sure::Yes };
        if by_model >= least || !self.command.understood && self.spelled(name, value) {
            return true;
        }
        self.strict()
            && (self.may_have_more_options() || self.in_some_cluster(option.trim_start_matches('-')))
    }

    fn in_some_cluster(&self, letter: &str) -> bool {
        let words = self.command.argv.iter().skip(1).filter_map(Arg::known);
        let mut clusters =
            words.filter_map(|word| word.strip_prefix('-')).filter(|word| !word.starts_with('-'));
        !self.command.understood && letter.chars().count() == 1 && clusters.any(|word| word.contains(letter))
    }

    fn arguments_are(&self, globs: &[String]) -> Sure {
        let operands = &self.command.operands;
        if globs.is_empty() {
            return Sure::Yes;
        }
        let each = operands
            .iter()
            .map(|operand| Sure::any(globs.iter().map(|glob| self.argument_is(operand, glob))));
        if self.strict() { Sure::all(each).min(Sure::from(!operands.is_empty())) } else { Sure::any(each) }
    }

    fn argument_is(&self, operand: &Arg, glob: &str) -> Sure {
        let written = match operand {
            Arg::Known(text) | Arg::Glob(text) => glob::text(glob, text, Case::Counts),
            Arg::Partly { .. } => false,
        };
        if written || operand.known().is_some() || self.strict() {
            return Sure::from(written);
        }
        Sure::possible_if(glob::in_common(&as_pattern(operand), glob, Case::Counts))
    }

    fn does_only(&self, words: &[String]) -> Sure {
        let listed = |does: &Does| words.iter().any(|word| word == does.name());
        let own = &self.command.does;
        Sure::from(match (words.is_empty(), self.strict()) {
            (true, _) => true,
            (_, true) => !own.is_empty() && own.iter().all(listed),
            (_, false) => own.iter().any(listed),
        })
    }

    fn wrapped_by(&self, globs: &[String]) -> Sure {
        let fits = |element: &String| {
            let program =
                element.split_whitespace().next().and_then(|word| word.rsplit('/').next()).unwrap_or("");
            glob::any(globs, program, self.case()) || glob::any(globs, element, self.case())
        };
        Sure::from(match (globs.is_empty(), self.strict()) {
            (true, _) => true,
            (_, true) => !self.chain.is_empty() && self.chain.iter().all(fits),
            (_, false) => self.chain.iter().any(fits),
        })
    }

    fn operands_are(&self, word: &str) -> Sure {
        let operands = &self.command.operands;
        let all_unknown = !operands.is_empty() && operands.iter().all(|operand| *operand == Arg::unknown());
        let holds = if word == "none" { operands.is_empty() } else { !operands.is_empty() && !all_unknown };
        if holds || !all_unknown { Sure::from(holds) } else { self.reading.doubt() }
    }
}

fn no_flags(test: &CommandTest) -> bool {
    test.flags_any.is_empty() && test.flags_all.is_empty() && test.flags_none.is_empty()
}

/// A key that is not given holds.
fn one_of(values: &[String], holds: impl Fn(&str) -> Sure) -> Sure {
    if values.is_empty() { Sure::Yes } else { Sure::any(values.iter().map(|value| holds(value))) }
}

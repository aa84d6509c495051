//! `match`: what its patterns bind and what they work out.

use std::rc::Rc;

use ruff_python_ast::{Identifier, MatchCase, Pattern};

use super::lower::{Lowered, Lowering};
use crate::tree::{Case, Expr};

/// Gathered from one pattern.
#[derive(Default)]
struct Found {
    binds: Vec<Rc<str>>,
    tests: Vec<Expr>,
}

impl Lowering<'_> {
    pub(super) fn case(&mut self, case: &MatchCase) -> Lowered<Case> {
        let mut found = Found::default();
        self.pattern(&case.pattern, &mut found)?;
        if let Some(guard) = &case.guard {
            found.tests.push(self.expression(guard)?);
        }
        let body = self.suite(&case.body)?;
        Ok(Case { binds: found.binds, tests: found.tests, body })
    }

    fn binds(&mut self, name: Option<&Identifier>, found: &mut Found) {
        if let Some(name) = name {
            let name = self.identifier(name);
            found.binds.push(name);
        }
    }

    fn pattern(&mut self, pattern: &Pattern, found: &mut Found) -> Lowered<()> {
        self.within(pattern, |lowering| {
            match pattern {
                Pattern::MatchValue(value) => found.tests.push(lowering.expression(&value.value)?),
                Pattern::MatchSingleton(_) => {}
                Pattern::MatchSequence(items) => lowering.patterns(&items.patterns, found)?,
                Pattern::MatchOr(options) => lowering.patterns(&options.patterns, found)?,
                Pattern::MatchMapping(mapping) => {
                    found.tests.extend(lowering.expressions(&mapping.keys)?);
                    lowering.patterns(&mapping.patterns, found)?;
                    lowering.binds(mapping.rest.as_ref(), found);
                }
                Pattern::MatchClass(class) => {
                    found.tests.push(lowering.expression(&class.cls)?);
                    lowering.patterns(&class.arguments.patterns, found)?;
                    let named = class.arguments.keywords.iter().map(|keyword| &keyword.pattern);
                    lowering.patterns(named, found)?;
                }
                Pattern::MatchStar(star) => lowering.binds(star.name.as_ref(), found),
                Pattern::MatchAs(whole) => {
                    lowering.patterns(whole.pattern.as_deref(), found)?;
                    lowering.binds(whole.name.as_ref(), found);
                }
            }
            Ok(())
        })
    }

    fn patterns<'p>(
        &mut self,
        patterns: impl IntoIterator<Item = &'p Pattern>,
        found: &mut Found,
    ) -> Lowered<()> {
        patterns.into_iter().try_for_each(|pattern| self.pattern(pattern, found))
    }
}

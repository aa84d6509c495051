//! `break`, `continue` and `return`: the states in which a loop, a function or a sourced text may end before its end.

use super::Machine;
use super::state::State;

/// What waits for the end of what is left early.
#[derive(Default)]
pub(super) struct Jumps {
    /// Wherever a loop was left or a turn of it cut short.
    broken: Option<State>,
    /// Wherever a function or a sourced text was left.
    returned: Option<State>,
    /// Loops around what is walked, within the function.
    loops: u32,
}

fn add(place: &mut Option<State>, state: State) {
    *place = Some(match place.take() {
        Some(other) => other.merge(state),
        None => state,
    });
}

impl Machine<'_> {
    /// `break` and `continue`.
    pub(super) fn breaks(&mut self) {
        add(&mut self.jumps.broken, self.state.clone());
    }

    /// `return`
    pub(super) fn returns(&mut self) {
        add(&mut self.jumps.returned, self.state.clone());
    }

    /// Walks a whole loop.
    pub(super) fn in_loop(&mut self, work: impl FnOnce(&mut Self)) {
        self.jumps.loops += 1;
        work(self);
        self.jumps.loops -= 1;
        self.after_turn();
        if self.jumps.loops == 0 {
            self.jumps.broken = None;
        }
    }

    /// The end of a turn: it may have been cut short, or a loop in it with more than itself (`continue 2`).
    pub(super) fn after_turn(&mut self) {
        self.settle();
        if let Some(broken) = self.jumps.broken.clone() {
            self.state = self.state.clone().merge(broken);
        }
    }

    /// Before the body of a function.
    pub(super) fn before_body(&mut self) -> Jumps {
        std::mem::take(&mut self.jumps)
    }

    /// Behind the body of a function, with its own variables still there.
    pub(super) fn after_body(&mut self) {
        self.after_turn();
        self.after_text();
    }

    /// Behind a function: a `break` outside of its own loops leaves those around the call.
    pub(super) fn after_call(&mut self, outer: Jumps) {
        let inner = std::mem::replace(&mut self.jumps, outer);
        if inner.broken.is_some() {
            self.breaks();
        }
    }

    /// Behind a text that was sourced or evaluated.
    pub(super) fn after_text(&mut self) {
        if let Some(returned) = self.jumps.returned.clone() {
            self.settle();
            self.state = self.state.clone().merge(returned);
        }
    }
}

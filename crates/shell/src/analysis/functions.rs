//! Functions defined in the text.

use std::rc::Rc;

use placet_model::{Command, Does, Location, Span};

use super::Machine;
use super::emit::Ready;
use super::state::Function;
use super::value::{Field, Value};

impl Machine<'_> {
    /// Walks a function's body with its arguments; `None` when they are not known.
    pub(super) fn call_function(
        &mut self,
        function: &Function,
        arguments: Option<&[Field]>,
        span: Option<Span>,
    ) {
        if !self.called.contains(&function.id) {
            self.called.push(function.id);
        }
        let open: Vec<_> = self.calls.iter().filter(|(id, _, _)| *id == function.id).copied().collect();
        if let Some((_, outer, _)) = open.first()
            && self.concurrent > *outer
        {
            return self.push_bomb(&function.name, span);
        }
        // Calls itself: once more with any arguments covers every further turn.
        if open.iter().any(|(_, _, unknown)| *unknown) || self.calls.len() > 24 {
            return;
        }
        let unknown = !open.is_empty() || arguments.is_none();
        let positional: Option<Rc<[Field]>> = if unknown { None } else { arguments.map(Rc::from) };
        let before = std::mem::replace(&mut self.state.positional, positional);
        let outer = std::mem::take(&mut self.memory.locals);
        self.calls.push((function.id, self.concurrent, unknown));
        self.chain.push(function.name.to_string());
        // Spans of a body from a nested text mean nothing in the text itself.
        let raise = u16::from(function.nested && self.texts == 0);
        self.texts += raise;
        let body = Rc::clone(&function.body);
        let jumps = self.before_body();
        self.node(&body);
        self.after_body();
        self.texts -= raise;
        self.chain.pop();
        self.calls.pop();
        // They are again what they were before, unless this run did not come by where they were declared.
        for name in std::mem::replace(&mut self.memory.locals, outer) {
            if name.is_empty() {
                self.state.forget_variables();
            } else {
                self.state.set(&name, Value::Unknown);
            }
        }
        self.state.positional = before;
        self.state.dead = false;
        self.after_call(jumps);
    }

    /// A function that starts itself more than once, in the background or in a pipeline, without end.
    fn push_bomb(&mut self, name: &str, span: Option<Span>) {
        let command = Command {
            program: name.to_owned(),
            location: Location::Path,
            subcommand: Vec::new(),
            flags: Vec::new(),
            operands: Vec::new(),
            argv: Vec::new(),
            streams: Vec::new(),
            does: vec![Does::Destroy],
            understood: true,
            text: format!("{name}(){{ {name}|{name}& }};{name}"),
        };
        let why = "the function starts itself again and again until the machine stands still (a fork bomb)";
        self.push_command(Ready { command, span, why: Some(why.into()) });
    }

    /// Traps run at the end of their shell (and perhaps before): with the variables and directory of that time.
    pub(super) fn run_traps(&mut self) {
        for text in std::mem::take(&mut self.traps) {
            self.settle();
            self.state.dead = false;
            self.chain.push("trap".to_owned());
            self.subshell(|machine| machine.text(&text, false, None));
            self.chain.pop();
        }
    }

    /// Functions that the text defines and does not call may be called all the same, with any arguments.
    pub(super) fn run_uncalled_functions(&mut self) {
        let mut at = 0;
        while let Some(function) = self.defined.get(at).cloned() {
            at += 1;
            if !self.called.contains(&function.id) {
                self.settle();
                self.subshell(|machine| machine.call_function(&function, None, None));
            }
        }
    }
}

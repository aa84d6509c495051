//! From the reader's tree to actions.
//!
//! [`analyse`] walks the tree with a [`State`] (variables, directory, functions), expands every
//! word as far as it is certain, reads each simple command through its program's model and writes down what
//! it would do. Where two runs are possible both are followed and their states merged; what then differs is
//! unknown. Whatever cannot be followed becomes `execute:unknown`.

mod arithmetic;
mod assign;
mod awk;
mod braces;
mod builder;
mod builtins;
mod children;
mod code;
mod corrections;
mod danger;
mod declare;
mod effects;
mod emit;
mod environment;
mod feed;
mod follow;
mod foreign;
mod found;
mod functions;
mod git;
mod history;
mod hosts;
mod interpreters;
mod jumps;
mod loops;
mod memory;
mod mentions;
mod names;
mod narrow;
mod options;
mod parameters;
mod paths;
mod processes;
mod program;
mod recipes;
mod redirects;
mod refused;
mod roles;
mod scripts;
mod secrets;
mod settings;
mod simple;
mod sql;
mod state;
mod substitution;
mod unlisted;
mod value;
mod walk;
mod words;
mod zsh;

use std::rc::Rc;

use placet_model::{Action, ActionKind, Dialect, Facts, LibraryId, Origin, Span};

use crate::syntax::{List, Refusal};
use state::State;
use value::Field;

/// Steps (commands, words) after which an analysis gives up with `execute:unknown`.
const STEPS: u32 = 20_000;
/// Actions after which it gives up.
const ACTIONS: usize = 2_000;
/// Nesting of commands, substitutions and nested texts.
const DEPTH: u16 = 80;
/// Nesting of texts in texts (`bash -c 'bash -c …'`).
const TEXTS: u16 = 16;

/// Where a shell text runs.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Absolute current directory.
    pub cwd: &'a str,
    /// Absolute project root.
    pub project: &'a str,
    /// Absolute home directory, when known.
    pub home: Option<&'a str>,
    /// What can be found out about the machine.
    pub facts: &'a dyn Facts,
    /// Program models that people added.
    pub added: LibraryId,
}

/// What a shell text would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// Everything it would do. Never empty.
    pub actions: Vec<Action>,
    /// Why the text could not be read, when it could not. Then the actions hold an `execute:unknown` and, for
    /// rules that deny, commands guessed from the text.
    pub refusal: Option<Refusal>,
}

/// Works out what `text` would do when Bash runs it in `context`.
pub fn analyse(text: &str, context: &Context<'_>) -> Analysis {
    let home = context.home.filter(|home| home.starts_with('/'));
    let context = &Context { home, ..*context };
    let mut machine = Machine::new(context);
    machine.source = Rc::from(text);
    let refusal = match crate::read_as(text, machine.dialect) {
        Ok(list) => {
            machine.top(&list);
            None
        }
        Err(refusal) => {
            machine.refuse(text, refusal.why);
            Some(refusal)
        }
    };
    Analysis { actions: machine.finish(text), refusal }
}

/// Standard input of the command at hand, as far as an interpreter would run it.
#[derive(Clone, Debug)]
enum Stdin {
    /// What the text as a whole has.
    Inherited,
    /// Something that is made at run time.
    Unknown,
    /// This text.
    Known(String),
    /// These words, one a line (for `xargs`).
    Words(Rc<[Field]>),
    /// A file.
    File,
}

/// The walk over one text and all texts nested in it.
struct Machine<'c> {
    context: &'c Context<'c>,
    /// The shell that may run the text at hand.
    dialect: Dialect,
    actions: Vec<Action>,
    state: State,
    /// State if the last command failed, when it differs from `state`.
    failed: Option<State>,
    /// Programs around the command at hand, outermost first.
    chain: Vec<String>,
    stdin: Stdin,
    steps: u32,
    depth: u16,
    /// How many texts deep; spans are only given at 0.
    texts: u16,
    /// Whether files are those of another machine or of a container.
    remote: bool,
    /// Functions being run: id, how deep in background and pipelines it was called, whether with unknown arguments.
    calls: Vec<(usize, u16, bool)>,
    /// How deep in background commands and pipelines.
    concurrent: u16,
    /// Functions that were called, by id.
    called: Vec<usize>,
    /// Every function that was defined.
    defined: Vec<state::Function>,
    /// Simple commands of the text itself.
    own_commands: u32,
    /// Texts of `trap`, which run when everything else is done.
    traps: Vec<String>,
    /// What waits for the end of what is left early.
    jumps: jumps::Jumps,
    /// A directory may have been made on the way.
    made_directories: bool,
    /// Names handed out for `mktemp`.
    temporaries: u32,
    /// The text whose commands are being walked.
    source: Rc<str>,
    memory: memory::Memory,
    following: follow::Following,
    /// What the last `<( … )` prints, if there was one, and if that is known.
    process_text: Option<Option<String>>,
    /// A variable that looks like a secret was expanded.
    secret: bool,
    defaults: parameters::Defaults,
    /// The pipeline at hand has a program in it that anybody on the network may talk through.
    network: bool,
    /// The command is run on everything below its operands.
    sweeps: bool,
    /// Bytes of values that were put into words.
    expanded: usize,
    /// That was once too much.
    overlong: bool,
    /// A bound was reached; nothing more is analysed.
    stopped: bool,
}

impl<'c> Machine<'c> {
    fn new(context: &'c Context<'c>) -> Self {
        Self {
            context,
            dialect: context.facts.dialect(),
            actions: Vec::new(),
            state: State::new(context.cwd),
            failed: None,
            chain: Vec::new(),
            stdin: Stdin::Inherited,
            steps: 0,
            depth: 0,
            texts: 0,
            remote: false,
            calls: Vec::new(),
            concurrent: 0,
            called: Vec::new(),
            defined: Vec::new(),
            own_commands: 0,
            traps: Vec::new(),
            jumps: jumps::Jumps::default(),
            made_directories: false,
            temporaries: 0,
            source: Rc::from(""),
            memory: memory::Memory::default(),
            following: follow::Following::default(),
            process_text: None,
            secret: false,
            defaults: parameters::Defaults::Unseen,
            network: false,
            sweeps: false,
            expanded: 0,
            overlong: false,
            stopped: false,
        }
    }

    fn top(&mut self, list: &List) {
        self.list(list);
        self.run_traps();
        self.run_uncalled_functions();
    }

    /// Counts a step; whether the walk may go on.
    fn step(&mut self) -> bool {
        if self.stopped {
            return false;
        }
        self.steps += 1;
        if self.steps > STEPS || self.actions.len() > self.following.actions_max {
            self.stopped = true;
            self.push_unknown("", None, "the text is too long or too involved to be followed");
            return false;
        }
        true
    }

    /// Runs `work` one level deeper, or gives up when that is too deep.
    fn deeper(&mut self, work: impl FnOnce(&mut Self)) {
        if self.depth >= DEPTH {
            self.push_unknown("", None, "the text is nested too deeply to be followed");
            return;
        }
        self.depth += 1;
        work(self);
        self.depth -= 1;
    }

    /// Runs `work` in a shell of its own: what it does to variables and directory is lost.
    fn subshell(&mut self, work: impl FnOnce(&mut Self)) {
        let before = self.state.clone();
        let failed = self.failed.take();
        let traps = std::mem::take(&mut self.traps);
        let jumps = std::mem::take(&mut self.jumps);
        work(self);
        self.run_traps();
        self.jumps = jumps;
        self.traps = traps;
        self.state = before;
        self.failed = failed;
    }

    /// Analyses a text that a shell runs. `child` says that it is a new process.
    fn text(&mut self, text: &str, child: bool, arguments: Option<Rc<[Field]>>) {
        if self.texts >= TEXTS {
            self.push_unknown(text, None, "shell texts are nested too deeply to be followed");
            return;
        }
        let dialect = if child { self.dialect_of_child(text) } else { self.dialect };
        let outer_dialect = std::mem::replace(&mut self.dialect, dialect);
        self.text_in_dialect(text, child, arguments);
        self.dialect = outer_dialect;
    }

    fn text_in_dialect(&mut self, text: &str, child: bool, arguments: Option<Rc<[Field]>>) {
        match crate::read_as(text, self.dialect) {
            Ok(list) => {
                self.texts += 1;
                let outer = std::mem::replace(&mut self.source, Rc::from(text));
                let work = |machine: &mut Self| {
                    if child {
                        machine.state = machine.state.child();
                        machine.state.positional = arguments.clone();
                    }
                    machine.deeper(|machine| machine.list(&list));
                };
                if child {
                    self.subshell(work);
                } else {
                    work(self);
                    self.after_text();
                }
                self.source = outer;
                self.texts -= 1;
            }
            Err(refusal) => self.refuse(text, refusal.why),
        }
    }

    fn span(&self, span: &Span) -> Option<Span> {
        (self.texts == 0).then(|| span.clone())
    }

    fn finish(mut self, text: &str) -> Vec<Action> {
        if self.actions.is_empty() {
            self.push_nothing(text);
        }
        if self.own_commands <= 1 {
            let first = self.actions.iter_mut().find(|action| {
                matches!(action.kind, ActionKind::ExecuteShell)
                    && action.chain.is_empty()
                    && action.why.is_none()
            });
            if let Some(action) = first {
                action.origin = Origin::Call;
            }
        }
        let mut unique: Vec<Action> = Vec::with_capacity(self.actions.len());
        if self.actions.len() <= 64 {
            for action in self.actions {
                if !unique.contains(&action) {
                    unique.push(action);
                }
            }
            return unique;
        }
        self.actions
    }
}

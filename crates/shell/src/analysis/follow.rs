//! Content that a command runs without naming it in the text: walked apart, within bounds of its own.
//!
//! Of content that was there before the session only what it certainly does counts: it is the project's own
//! code, and a person put it there. Content that this text or this session wrote counts fully.

use std::ops::Range;

use placet_model::{Action, ActionKind, Does, Origin, PathCertainty, Resource};

use super::Machine;
use super::{ACTIONS, STEPS};

/// Steps for all content that is followed, and for one piece of it.
const POOL: u32 = 24_000;
const PIECE: u32 = 6_000;
/// Actions of all content that is followed, and of one piece of it.
const ACTIONS_POOL: usize = 2_000;
const ACTIONS_PIECE: usize = 1_000;
/// Pieces that are followed at most.
const PIECES: u32 = 128;

/// How far following has come.
pub(super) struct Following {
    /// Pieces being followed, one in another.
    depth: u16,
    pieces: u32,
    /// Steps that are left.
    pool: u32,
    actions_pool: usize,
    /// Actions at which the walk gives up.
    pub(super) actions_max: usize,
    /// Actions of content that counts fully, by position.
    fresh: Vec<Range<usize>>,
}

impl Default for Following {
    fn default() -> Self {
        Self {
            depth: 0,
            pieces: 0,
            pool: POOL,
            actions_pool: ACTIONS_POOL,
            actions_max: ACTIONS,
            fresh: Vec::new(),
        }
    }
}

/// A piece of content about to be followed.
pub(super) struct Piece {
    /// How it was reached, for the chain.
    pub(super) label: String,
    /// This text or this session wrote it.
    pub(super) made: bool,
    /// It is a recipe: its commands stand behind a command that policy decides, so they meet explicit rules only.
    pub(super) recipe: bool,
}

impl Machine<'_> {
    /// Walks a piece of content with `work`, and keeps of what it does as much as counts.
    ///
    /// `INVARIANT:` what follows the command in the text is analysed whatever the content holds (guarded by
    /// `tests/it/recipes.rs`): a bound that the content reaches is its own.
    pub(super) fn through(&mut self, piece: Piece, work: impl FnOnce(&mut Self)) {
        if self.stopped {
            return;
        }
        let dry = self.following.pool == 0 || self.following.actions_pool == 0;
        let spent = self.following.pieces >= PIECES || (self.following.depth == 0 && dry);
        if spent {
            if piece.made {
                self.push_unknown(&piece.label, None, "too many files are run to follow them all");
            }
            return;
        }
        self.following.pieces += 1;
        let first = self.actions.len();
        let (steps, expanded, overlong) = (self.steps, self.expanded, self.overlong);
        let outermost = self.following.depth == 0;
        let limit = self.following.actions_max;
        let start = STEPS.saturating_sub(PIECE.min(self.following.pool));
        if outermost {
            self.steps = self.steps.max(start);
            self.following.actions_max = first + ACTIONS_PIECE.min(self.following.actions_pool);
        }
        let defined = self.defined.len();
        self.following.depth += 1;
        self.chain.push(piece.label);
        self.subshell(work);
        self.chain.pop();
        self.following.depth -= 1;
        if outermost {
            let used = self.steps.saturating_sub(start).max(1);
            self.following.pool = self.following.pool.saturating_sub(used);
            self.steps = steps;
            self.stopped = false;
            if self.overlong != overlong {
                (self.expanded, self.overlong) = (expanded, overlong);
            }
        }
        if piece.made {
            if piece.recipe {
                self.ask_for_strangers(first);
            }
            self.following.fresh.push(first..self.actions.len());
        } else {
            // Functions of another process that it never calls run nowhere.
            let dead = self.defined.get(defined..).unwrap_or(&[]).iter().map(|function| function.id);
            self.called.extend(dead);
            self.keep_certain(first, piece.recipe);
        }
        if outermost {
            let kept = self.actions.len().saturating_sub(first);
            self.following.actions_pool = self.following.actions_pool.saturating_sub(kept);
            self.following.actions_max = limit + kept;
        }
    }

    /// A recipe that was only just written runs a program of which nothing is known: nobody named that program to
    /// the gate.
    fn ask_for_strangers(&mut self, first: usize) {
        let stranger =
            self.actions.get(first..).unwrap_or(&[]).iter().find_map(|action| match &action.resource {
                Resource::Command(command) if command.does.is_empty() => Some(command.text.clone()),
                _ => None,
            });
        if let Some(text) = stranger {
            self.push_unknown(
                &text,
                None,
                "a recipe that was only just written runs a program that is not known",
            );
        }
    }

    /// Drops from the actions since `first` what is not certain, but for those of fresh content.
    fn keep_certain(&mut self, first: usize, recipe: bool) {
        let actions = self.actions.split_off(first.min(self.actions.len()));
        let fresh = std::mem::take(&mut self.following.fresh);
        let (outer, inner): (Vec<_>, Vec<_>) = fresh.into_iter().partition(|range| range.start < first);
        self.following.fresh = outer;
        let mut shows = true;
        let mut kept: Option<Range<usize>> = None;
        for (at, mut action) in (first..).zip(actions) {
            if inner.iter().any(|range| range.contains(&at)) {
                let now = self.actions.len();
                self.actions.push(action);
                match &mut kept {
                    Some(range) if range.end == now => range.end = now + 1,
                    _ => self.following.fresh.extend(kept.replace(now..now + 1)),
                }
                continue;
            }
            if let Resource::Command(command) = &action.resource {
                let loads = matches!(command.program.as_str(), "dotenv" | "dotenvx" | "env-cmd");
                shows = !loads
                    && !command
                        .does
                        .iter()
                        .all(|does| matches!(does, Does::Build | Does::Execute | Does::Install));
            }
            if is_certain(&action) && (!recipe || counts_in_recipe(&action, shows)) {
                if recipe {
                    action.origin = Origin::Effect;
                }
                self.actions.push(action);
            }
        }
        self.following.fresh.extend(kept);
    }
}

/// Whether it is certain what the action is.
fn is_certain(action: &Action) -> bool {
    match (&action.kind, &action.resource) {
        (ActionKind::ExecuteUnknown, _) => false,
        (_, Resource::Command(command)) => !command.does.is_empty(),
        (_, Resource::Path(path)) => path.certainty == PathCertainty::Exact,
        (_, Resource::Host(None)) => false,
        _ => true,
    }
}

/// What a command of a project's own recipe must do to say something about the call: the rest is what recipes are
/// for. The files and hosts it touches count in any case.
const GRAVE: [Does; 9] = [
    Does::Send,
    Does::Publish,
    Does::RewriteHistory,
    Does::Privilege,
    Does::System,
    Does::Irreversible,
    Does::Destroy,
    Does::Secrets,
    Does::Gate,
];

/// Whether an action of a project's own recipe says something about the call. A program that loads settings
/// (`source .env`, `node --env-file`) shows nobody what is in them. `shows`: the command before does more than run.
fn counts_in_recipe(action: &Action, shows: bool) -> bool {
    match (&action.kind, &action.resource) {
        (ActionKind::MentionFile, _) => false,
        (ActionKind::ReadFile, _) => shows && action.why.as_deref() != Some("the file is run by this shell"),
        // What removing files costs, the files tell.
        (_, Resource::Command(command)) => GRAVE
            .iter()
            .any(|does| command.does(*does) && !(*does == Does::Irreversible && command.does(Does::Delete))),
        _ => true,
    }
}

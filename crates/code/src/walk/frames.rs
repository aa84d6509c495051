//! Names and their values, with a journal by which runs of a part can be undone and compared.

use std::rc::Rc;

use super::value::Value;

/// Frames at most: calls and blocks that were followed.
pub(super) const FRAMES: usize = 600;

#[derive(Debug, Default)]
struct Frame {
    parent: Option<usize>,
    /// Names declared here; no value: not set yet.
    names: Vec<(Rc<str>, Option<Value>)>,
}

/// A name's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) frame: usize,
    name: usize,
}

#[derive(Debug, Default)]
pub(super) struct Frames {
    frames: Vec<Frame>,
    journal: Vec<(Slot, Option<Value>)>,
}

impl Frames {
    pub(super) fn len(&self) -> usize {
        self.frames.len()
    }

    pub(super) fn push(&mut self, parent: Option<usize>) -> usize {
        self.frames.push(Frame { parent, names: Vec::new() });
        self.frames.len() - 1
    }

    /// Declares a name without a value, unless it is there.
    pub(super) fn declare(&mut self, frame: usize, name: &Rc<str>) -> Slot {
        if let Some(slot) = self.own(frame, name) {
            return slot;
        }
        let Some(found) = self.frames.get_mut(frame) else { return Slot { frame, name: usize::MAX } };
        found.names.push((Rc::clone(name), None));
        Slot { frame, name: found.names.len() - 1 }
    }

    fn own(&self, frame: usize, name: &str) -> Option<Slot> {
        let names = &self.frames.get(frame)?.names;
        names.iter().position(|(found, _)| &**found == name).map(|name| Slot { frame, name })
    }

    /// Where a name is found from `frame` on outward.
    pub(super) fn find(&self, frame: usize, name: &str) -> Option<Slot> {
        let mut at = Some(frame);
        while let Some(frame) = at {
            if let Some(slot) = self.own(frame, name) {
                return Some(slot);
            }
            at = self.frames.get(frame)?.parent;
        }
        None
    }

    pub(super) fn get(&self, slot: Slot) -> Option<&Value> {
        self.frames.get(slot.frame)?.names.get(slot.name)?.1.as_ref()
    }

    pub(super) fn set(&mut self, slot: Slot, value: Option<Value>) {
        let found = self.frames.get_mut(slot.frame).and_then(|frame| frame.names.get_mut(slot.name));
        if let Some((_, place)) = found {
            let before = std::mem::replace(place, value);
            self.journal.push((slot, before));
        }
    }

    pub(super) fn mark(&self) -> usize {
        self.journal.len()
    }

    /// Places set since `mark`, each once.
    fn changed(&self, mark: usize) -> Vec<Slot> {
        let mut slots: Vec<Slot> = Vec::new();
        for (slot, _) in self.journal.get(mark..).unwrap_or(&[]) {
            if !slots.contains(slot) {
                slots.push(*slot);
            }
        }
        slots
    }

    /// Undoes everything since `mark`; gives the values that were there.
    pub(super) fn rewind(&mut self, mark: usize) -> Vec<(Slot, Option<Value>)> {
        let slots = self.changed(mark);
        let after = slots.iter().map(|slot| (*slot, self.get(*slot).cloned())).collect();
        while self.journal.len() > mark {
            let Some((slot, before)) = self.journal.pop() else { break };
            let found = self.frames.get_mut(slot.frame).and_then(|frame| frame.names.get_mut(slot.name));
            if let Some((_, place)) = found {
                *place = before;
            }
        }
        after
    }

    /// Value of a place at `mark`.
    pub(super) fn before(&self, slot: Slot, mark: usize) -> Option<Value> {
        let set = self.journal.get(mark..).unwrap_or(&[]).iter().find(|(found, _)| *found == slot);
        match set {
            Some((_, before)) => before.clone(),
            None => self.get(slot).cloned(),
        }
    }

    /// Places set since `mark`, with every value they had on the way, the one now included.
    pub(super) fn history(&self, mark: usize) -> Vec<(Slot, Vec<Option<Value>>)> {
        self.changed(mark)
            .into_iter()
            .map(|slot| {
                let mut values: Vec<Option<Value>> = self
                    .journal
                    .get(mark..)
                    .unwrap_or(&[])
                    .iter()
                    .filter(|(found, _)| *found == slot)
                    .map(|(_, before)| before.clone())
                    .collect();
                values.push(self.get(slot).cloned());
                (slot, values)
            })
            .collect()
    }
}

//! A heap of indices that works everything out anew whenever it is asked.

use super::{Action, CALLBACKS, HOLDS, REGISTERS, SLOTS, WEAKS};
use std::collections::BTreeSet;

pub(crate) type Id = usize;

/// How far an object's life has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    /// Its value is made, the object not yet.
    #[default]
    Embryo,
    Alive,
    /// Its value was moved out and is about to be dropped.
    Unwrapped,
    /// The destructor of its value runs.
    Dropping,
    /// The fields of its value are dropped, one after another.
    Fading,
    Dead,
}

#[derive(Debug, Default)]
pub(crate) struct Object {
    pub(crate) state: State,
    pub(crate) finalized: bool,
    /// Its callbacks run: no weak handle works any more.
    gone: bool,
    pub(crate) slots: [Option<Id>; SLOTS],
    pub(crate) hidden: Option<Id>,
    pub(crate) weak: Option<Id>,
    pub(crate) callback: Option<usize>,
    pub(crate) locked: bool,
    pub(crate) armed: bool,
    pub(crate) generation: usize,
    pub(crate) frozen: bool,
    pub(crate) on_finalize: Action,
    pub(crate) on_drop: Action,
    /// The last callback that ran for it: older ones must follow.
    last_called: Option<usize>,
}

#[derive(Debug)]
pub(crate) struct Callback {
    pub(crate) target: Id,
    pub(crate) action: Action,
    pub(crate) fired: bool,
    pub(crate) cancelled: bool,
}

/// A collection that may be running.
#[derive(Debug)]
struct Collection {
    /// What was unreachable when it began, for each generation that it may be of.
    suspects: [BTreeSet<Id>; 3],
    /// What of that must die, once it is known: when no finalizer is left to run.
    doomed: Option<[BTreeSet<Id>; 3]>,
    /// Members that died by count before that.
    died_early: BTreeSet<Id>,
    /// Members that were dropped although they had handles.
    reclaimed: BTreeSet<Id>,
    /// The generation that it is of, or the oldest that it may be of.
    limit: usize,
    known: bool,
}

/// What a collection said of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    pub(crate) generation: usize,
    pub(crate) collected: usize,
    pub(crate) resurrected: usize,
    pub(crate) uncollectable: usize,
}

/// Panics of the user's code, by what was running.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Panics {
    pub(crate) finalizers: usize,
    pub(crate) callbacks: usize,
    pub(crate) drops: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Oracle {
    pub(crate) objects: Vec<Object>,
    pub(crate) registers: [Option<Id>; REGISTERS],
    /// Handles on the stack of the mutator.
    pub(crate) stack: Vec<Id>,
    pub(crate) holds: [Option<Id>; HOLDS],
    pub(crate) weaks: [Option<Id>; WEAKS],
    pub(crate) callbacks: Vec<Callback>,
    pub(crate) callback_registers: [Option<usize>; CALLBACKS],
    pub(crate) panics: Panics,
    pub(crate) violations: Vec<String>,
    collections: Vec<Collection>,
    /// The objects whose finalizers run, inner ones last.
    finalizing: Vec<Id>,
}

impl Oracle {
    pub(crate) fn violation(&mut self, what: String) {
        self.violations.push(what);
    }

    fn require(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.violations.push(what());
        }
    }

    // ----- the graph ---------------------------------------------------------

    pub(crate) fn embryo(&mut self) -> Id {
        self.objects.push(Object::default());
        self.objects.len() - 1
    }

    /// A new weak callback. Returns its number.
    pub(crate) fn watch(&mut self, target: Id, action: Action) -> usize {
        self.callbacks.push(Callback { target, action, fired: false, cancelled: false });
        self.callbacks.len() - 1
    }

    pub(crate) fn ids(&self, state: State) -> impl Iterator<Item = Id> + '_ {
        (0..self.objects.len()).filter(move |&id| self.objects[id].state == state)
    }

    /// The handles that no object owns.
    fn roots(&self) -> impl Iterator<Item = Id> + '_ {
        let registers = self.registers.iter().chain(&self.holds).filter_map(|id| *id);
        registers.chain(self.stack.iter().copied())
    }

    /// The handles in an object that the collector is shown.
    fn shown(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let object = &self.objects[id];
        let shown = object.state == State::Alive && !object.locked;
        object.slots.iter().filter_map(move |slot| slot.filter(|_| shown))
    }

    /// The handles in an object that the collector is not shown.
    fn not_shown(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let object = &self.objects[id];
        let owner = object.state != State::Dead;
        let shown = object.state == State::Alive && !object.locked;
        let slots = object.slots.iter().filter_map(move |slot| slot.filter(|_| owner && !shown));
        slots.chain(object.hidden.filter(|_| owner))
    }

    /// How many handles to each object there are.
    pub(crate) fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.objects.len()];
        let owned = |owner| self.shown(owner).chain(self.not_shown(owner));
        for target in self.roots().chain((0..self.objects.len()).flat_map(owned)) {
            counts[target] += 1;
        }
        counts
    }

    /// How many handles to an object there are.
    pub(crate) fn count(&self, id: Id) -> usize {
        self.counts()[id]
    }

    /// How many weak handles to an object there are, those of callbacks included.
    pub(crate) fn weak_count(&self, id: Id) -> usize {
        let owners = self.objects.iter().filter(|object| object.state != State::Dead);
        let stored = owners.filter(|object| object.weak == Some(id)).count();
        let rooted = self.weaks.iter().filter(|weak| **weak == Some(id)).count();
        let watching = self.callbacks.iter().filter(|c| c.target == id && !c.cancelled).count();
        stored + rooted + watching
    }

    /// The living objects up to a generation that nothing from outside reaches.
    pub(crate) fn unreachable(&self, generation: usize) -> BTreeSet<Id> {
        let mut reached: BTreeSet<Id> = BTreeSet::new();
        // Whose finalizer runs is held while it does.
        let mut work: Vec<Id> = self.roots().chain(self.finalizing.iter().copied()).collect();
        let counts = self.counts();
        for (id, object) in self.objects.iter().enumerate() {
            work.extend(self.not_shown(id));
            // Who is counted down to zero is about to die, and owns its handles until then.
            let dying = object.state == State::Alive && counts[id] == 0;
            if dying || object.armed || object.generation > generation {
                work.push(id);
            }
        }
        while let Some(id) = work.pop() {
            if reached.insert(id) {
                work.extend(self.shown(id));
            }
        }
        self.ids(State::Alive).filter(|id| !reached.contains(id)).collect()
    }

    /// What of `set` no handle from outside of it reaches: trial deletion.
    fn closed(&self, set: &BTreeSet<Id>) -> BTreeSet<Id> {
        let mut alive: BTreeSet<Id> =
            self.ids(State::Alive).filter(|id| set.contains(id)).collect();
        let inside = |members: &BTreeSet<Id>, id: Id| {
            members.iter().flat_map(|&m| self.shown(m)).filter(|&target| target == id).count()
        };
        let (members, counts) = (alive.clone(), self.counts());
        let mut work: Vec<Id> = members
            .iter()
            .copied()
            .filter(|&id| self.objects[id].armed || counts[id] > inside(&members, id))
            .collect();
        while let Some(id) = work.pop() {
            if alive.remove(&id) {
                work.extend(self.shown(id));
            }
        }
        alive
    }

    /// Whether a weak handle to it works, where that can be said.
    pub(crate) fn is_alive(&self, id: Id) -> Option<bool> {
        let object = &self.objects[id];
        if object.state != State::Alive || object.gone {
            return Some(false);
        }
        if self.count(id) == 0 && !self.finalizing.contains(&id) {
            // It waits for its end, which an upgrade may put off.
            return None;
        }
        match (self.is_doomed(id), self.doomed_for_sure().contains(&id)) {
            (false, _) => Some(true),
            (true, sure) => sure.then_some(false),
        }
    }

    /// The value is about to be moved out, if that is possible.
    pub(crate) fn unwrap(&mut self, id: Id, possible: bool) {
        if possible {
            self.objects[id].state = State::Unwrapped;
        }
    }

    /// All that live are frozen.
    pub(crate) fn freeze(&mut self) {
        self.objects.iter_mut().for_each(|object| object.frozen |= object.state == State::Alive);
    }

    /// None is.
    pub(crate) fn unfreeze(&mut self) {
        self.objects.iter_mut().for_each(|object| object.frozen = false);
    }

    /// How many are.
    pub(crate) fn frozen(&self) -> usize {
        self.ids(State::Alive).filter(|&id| self.objects[id].frozen).count()
    }

    // ----- a collection ------------------------------------------------------

    /// Whether a collection is running that user code could be part of.
    pub(crate) fn collecting(&self) -> bool {
        !self.collections.is_empty()
    }

    /// Notes that a collection may begin, of `generation` or, if that is not known, of any.
    pub(crate) fn begin_collection(&mut self, generation: Option<usize>) {
        let suspects = [0, 1, 2].map(|generation| self.unreachable(generation));
        self.collections.push(Collection {
            suspects,
            doomed: None,
            died_early: BTreeSet::new(),
            reclaimed: BTreeSet::new(),
            limit: generation.unwrap_or(2),
            known: generation.is_some(),
        });
    }

    /// Notes that it has ended, or that there was none.
    pub(crate) fn end_collection(&mut self, outcome: Option<Outcome>) {
        if self.collections.len() == 1 {
            self.decide();
        }
        let Some(collection) = self.collections.pop() else { return };
        let Some(outcome) = outcome else {
            self.require(collection.reclaimed.is_empty(), || {
                format!("{:?} were reclaimed without a collection", collection.reclaimed)
            });
            return;
        };
        self.require(self.collections.is_empty(), || "a collection ran inside another".into());
        let Some(doomed) = collection.doomed else { return };
        let doomed = &doomed[outcome.generation];
        let survived: Vec<Id> =
            doomed.iter().copied().filter(|&id| self.objects[id].state != State::Dead).collect();
        self.require(survived.is_empty(), || format!("garbage {survived:?} survived {outcome:?}"));
        let spared: Vec<&Id> = collection.reclaimed.difference(doomed).collect();
        self.require(spared.is_empty(), || format!("{spared:?} were reclaimed by {outcome:?}"));
        let suspects = &collection.suspects[outcome.generation];
        let gone = doomed.len() + suspects.intersection(&collection.died_early).count();
        let expected = (gone, suspects.len() - gone, 0);
        let reported = (outcome.collected, outcome.resurrected, outcome.uncollectable);
        self.require(reported == expected, || {
            format!("reported {reported:?}, expected {expected:?}")
        });
    }

    /// Settles who dies in the running collection, when the last finalizer has run.
    fn decide(&mut self) {
        let Some(collection) = self.collections.first() else { return };
        if collection.doomed.is_some() {
            return;
        }
        let doomed = collection.suspects.each_ref().map(|suspects| self.closed(suspects));
        self.collections[0].doomed = Some(doomed);
    }

    /// What the running collection will reclaim, where that is settled and its
    /// generation does not matter.
    pub(crate) fn doomed_for_sure(&self) -> Vec<Id> {
        let Some(collection) = self.collections.first() else { return Vec::new() };
        let generation = if collection.known { collection.limit } else { 0 };
        let doomed = collection.doomed.as_ref().map(|doomed| &doomed[generation]);
        doomed.into_iter().flatten().copied().collect()
    }

    fn is_doomed(&self, id: Id) -> bool {
        let doomed = |c: &Collection| c.doomed.as_ref().is_some_and(|d| d[c.limit].contains(&id));
        self.collections.first().is_some_and(doomed)
    }

    fn is_suspect(&self, id: Id) -> bool {
        let first = self.collections.first();
        first.is_some_and(|c| c.doomed.is_none() && c.suspects[c.limit].contains(&id))
    }

    // ----- what the collector calls ------------------------------------------

    /// `trace` was called. Returns whether it shall panic.
    pub(crate) fn traced(&mut self, id: Id) -> bool {
        let object = &self.objects[id];
        let (state, armed) = (object.state, object.armed);
        self.require(state == State::Alive, || format!("{id} was traced while {state:?}"));
        self.require(!self.collections.is_empty(), || format!("{id} was traced in no collection"));
        armed
    }

    /// A finalizer was called. Returns what it shall do.
    pub(crate) fn begin_finalizer(&mut self, id: Id) -> Action {
        let (state, finalized) = (self.objects[id].state, self.objects[id].finalized);
        self.require(state == State::Alive, || format!("{id} was finalized while {state:?}"));
        self.require(!finalized, || format!("{id} was finalized twice"));
        let may = self.count(id) == 0 || self.is_suspect(id);
        self.require(may, || format!("{id} was finalized alive"));
        self.objects[id].finalized = true;
        self.finalizing.push(id);
        self.objects[id].on_finalize
    }

    pub(crate) fn end_finalizer(&mut self) {
        self.finalizing.pop();
    }

    /// A weak callback was called. Returns what it shall do.
    pub(crate) fn begin_callback(&mut self, number: usize) -> Action {
        let callback = &self.callbacks[number];
        let (target, action) = (callback.target, callback.action);
        let once = !callback.fired && !callback.cancelled;
        self.require(once, || format!("callback {number} ran again, or was cancelled"));
        self.callbacks[number].fired = true;
        let state = self.objects[target].state;
        let before_drop = matches!(state, State::Alive | State::Unwrapped);
        self.require(before_drop, || format!("callback {number} ran while {target} was {state:?}"));
        let owner = self.objects.iter().position(|object| object.callback == Some(number));
        if state == State::Alive && self.count(target) > 0 {
            self.decide();
            self.require(self.is_doomed(target), || format!("callback {number}: {target} lives"));
            let sure = self.doomed_for_sure();
            let apart = owner.is_none_or(|owner| !sure.contains(&owner));
            self.require(apart, || format!("callback {number} ran and is garbage itself"));
        }
        let older = self.objects[target].last_called.is_none_or(|last| number < last);
        self.require(older, || format!("callback {number} ran after an older one"));
        self.objects[target].gone = true;
        self.objects[target].last_called = Some(number);
        action
    }

    /// A destructor was called. Returns what it shall do.
    pub(crate) fn begin_drop(&mut self, id: Id) -> Action {
        let object = &self.objects[id];
        let (state, finalized) = (object.state, object.finalized);
        let first = matches!(state, State::Alive | State::Unwrapped);
        self.require(first, || format!("{id} was dropped while {state:?}"));
        self.require(finalized || state == State::Unwrapped, || format!("{id} was not finalized"));
        if state == State::Alive && self.count(id) > 0 {
            self.decide();
            self.require(self.is_doomed(id), || format!("{id} was dropped alive"));
            if let Some(collection) = self.collections.first_mut() {
                collection.reclaimed.insert(id);
            }
        } else if self.is_suspect(id) {
            // A finalizer has dropped the last handle to it.
            self.collections[0].died_early.insert(id);
        }
        self.objects[id].state = State::Dropping;
        self.objects[id].on_drop
    }

    /// The destructor is done; what the value owns goes now, its handles in their turn.
    pub(crate) fn end_drop(&mut self, id: Id) {
        let object = &mut self.objects[id];
        object.state = State::Fading;
        object.weak = None;
        if let Some(callback) = object.callback.take() {
            self.callbacks[callback].cancelled = true;
        }
    }

    /// A handle of an object is dropped. While the object lives the oracle knows already.
    pub(crate) fn edge_dropped(&mut self, owner: Id, slot: usize) {
        let object = &mut self.objects[owner];
        if object.state == State::Fading {
            *object.slots.get_mut(slot).unwrap_or(&mut object.hidden) = None;
        }
    }

    /// All of a value has been dropped.
    pub(crate) fn ended(&mut self, id: Id) {
        let object = &mut self.objects[id];
        let left = object.slots.iter().flatten().chain(&object.hidden).count();
        let state = std::mem::replace(&mut object.state, State::Dead);
        self.require(state == State::Fading && left == 0, || format!("{id} ended while {state:?}"));
    }

    /// The callbacks that should have run by now and have not.
    pub(crate) fn lost_callbacks(&self) -> Vec<usize> {
        let lost = |callback: &Callback| {
            let target = &self.objects[callback.target];
            target.state == State::Dead && !callback.fired && !callback.cancelled
        };
        (0..self.callbacks.len()).filter(|&number| lost(&self.callbacks[number])).collect()
    }
}

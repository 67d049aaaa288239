//! The collection but for its verification: steps 0 to 3, 9 and 10 of design
//! section 6.

use crate::check::{self, Violation};
use crate::set::Set;
use crate::setting::{Setting, Variant};
use crate::state::{Core, State, Step};
use crate::steps::Steps;
use crate::verify;

/// 0: the flag is taken by trying, and the buffers with it.
pub(crate) fn start(steps: &mut Steps<'_>, thread: usize) {
    let (setting, state) = (steps.setting, steps.state);
    if !setting.collectors.has(thread) || state.core.step != Step::Rest {
        return;
    }
    if !state.young.is_empty() && setting.generations {
        steps.add("starts a young collection", 0, |state, _| {
            let todo = std::mem::take(&mut state.young);
            let owner = thread as u8;
            state.core = Core { step: Step::Drain, owner, young: true, todo, ..Core::default() };
            Ok(())
        });
    }
    let all = state.young.or(state.old);
    if !all.is_empty() {
        steps.add("starts a collection", 0, |state, _| {
            let owner = thread as u8;
            (state.young, state.old) = (Set::default(), Set::default());
            state.core = Core { step: Step::Drain, owner, todo: all, ..Core::default() };
            Ok(())
        });
    }
}

/// The next step of the collection that has the flag.
pub(crate) fn steps(steps: &mut Steps<'_>) {
    let core = steps.state.core;
    match core.step {
        Step::Rest | Step::Finalizers => {}
        Step::Drain => {
            let Some(object) = core.todo.first() else { return };
            steps.add("drains", object, |state, setting| state.drain(setting, object));
        }
        Step::DrainShare(object) => {
            steps.add("gives back the entry of", object.into(), |state, setting| {
                state.drain_share(setting, object.into())
            });
        }
        Step::Discover => {
            let Some(cell) = undiscovered(steps.setting, &core) else { return };
            steps.add("discovers cell", cell, |state, setting| state.discover(setting, cell));
        }
        Step::Choose => choose(steps),
        Step::Commit(object) => steps.add("declares dead", object.into(), |state, setting| {
            state.commit(setting, object.into())
        }),
        Step::Unpin(object) => steps.add("unpins", object.into(), |state, setting| {
            state.unpin_under_flag(setting, object.into())
        }),
        _ => verify::steps(steps),
    }
}

fn undiscovered(setting: &Setting, core: &Core) -> Option<usize> {
    core.pinned
        .iter()
        .flat_map(|object| setting.cells_of(object))
        .find(|cell| !core.visited.has(*cell))
}

/// 3: what trial deletion comes to depends on counts that are read one by one
/// beside mutators. So every guess is tried that has in it what trial deletion
/// finds at this moment, less what a drop has made a candidate again meanwhile:
/// the rest has been at rest since it was drained, and no reading can miss it.
fn choose(steps: &mut Steps<'_>) {
    let (setting, core) = (steps.setting, steps.state.core);
    let again = check::entries(setting, steps.state);
    let doomed = check::trial_deletion(setting, steps.state).without(again);
    let missed = check::garbage(setting, steps.state).without(again).without(core.pinned);
    if !core.young && !missed.is_empty() {
        steps.add("has missed", missed.0.into(), |_, _| Err(Violation::Missed(missed)));
    }
    for suspects in core.pinned.subsets().filter(|part| doomed.within(*part)) {
        steps.add("suspects the set", suspects.0.into(), |state, setting| {
            (state.core.suspects, state.core.doomed) = (suspects, doomed);
            if suspects.is_empty() {
                state.end_verification(setting)
            } else {
                state.verify(setting)
            }
        });
    }
}

impl State {
    /// The collection goes on at `step`.
    pub(crate) fn at(&mut self, step: Step) -> Result<(), Violation> {
        self.core.step = step;
        Ok(())
    }

    /// 1: one entry, by compare-exchange.
    fn drain(&mut self, setting: &Setting, object: usize) -> Result<(), Violation> {
        self.core.todo.remove(object);
        let found = *self.open(object)?;
        let alive = !found.word.dead && found.word.count > 0;
        if self.core.young && found.old && alive {
            self.old.add(object);
            return self.after_drain(setting);
        }
        if alive {
            self.count_up(object)?;
            self.core.pinned.add(object);
            if setting.generations || setting.is(Variant::ClearBufferedAtEnd) {
                self.core.drained.add(object);
            }
        } else if setting.is(Variant::DrainFreesAtZero) && !found.word.dead {
            let owner = usize::from(self.core.owner);
            self.die(owner, object)?;
        }
        if alive && setting.is(Variant::ClearBufferedAtEnd) {
            return self.after_drain(setting);
        }
        self.open(object)?.word.buffered = false;
        self.core.step = Step::DrainShare(object as u8);
        if setting.merges_shares() { self.drain_share(setting, object) } else { Ok(()) }
    }

    fn drain_share(&mut self, setting: &Setting, object: usize) -> Result<(), Violation> {
        self.give_share(object)?;
        self.after_drain(setting)
    }

    fn after_drain(&mut self, setting: &Setting) -> Result<(), Violation> {
        if self.core.todo.is_empty() { self.after_cell(setting) } else { self.at(Step::Drain) }
    }

    /// 2: one cell, locked by trying and unlocked at once. A pin commutes with
    /// whatever others do while the lock is held, so this is one step.
    fn discover(&mut self, setting: &Setting, cell: usize) -> Result<(), Violation> {
        self.core.visited.add(cell);
        let free = self.collector_can_lock(setting, cell);
        if let Some(target) = self.cells[cell].target().filter(|_| free) {
            let stays_out = self.core.young && self.objects[target].old;
            if !stays_out && !self.core.pinned.has(target) {
                self.core.pinned.add(target);
                self.count_up(target)?;
            }
        }
        self.after_cell(setting)
    }

    fn after_cell(&mut self, setting: &Setting) -> Result<(), Violation> {
        if undiscovered(setting, &self.core).is_some() {
            return self.at(Step::Discover);
        }
        self.core.visited = Set::default();
        self.at(Step::Choose)
    }

    /// 3 to 7 are over. What is left in G is garbage.
    pub(crate) fn end_verification(&mut self, setting: &Setting) -> Result<(), Violation> {
        self.core.edges = Default::default();
        self.core.first = Default::default();
        if !self.core.doomed.within(self.core.suspects) {
            return Err(Violation::Missed(self.core.doomed.without(self.core.suspects)));
        }
        let unfinished = |object: &usize| !self.objects[*object].finalized;
        if setting.finalizers && self.core.suspects.iter().any(|object| unfinished(&object)) {
            return self.begin_finalizers(setting);
        }
        if setting.is(Variant::DeadOneByOne) {
            self.unclaim(setting, self.core.suspects);
        }
        match self.core.suspects.first() {
            Some(object) => self.at(Step::Commit(object as u8)),
            None => self.promote(setting),
        }
    }

    /// 9: DEAD on one object of G. When the flag is free, the thread drops the
    /// values.
    fn commit(&mut self, setting: &Setting, object: usize) -> Result<(), Violation> {
        self.open(object)?.word.dead = true;
        if setting.is(Variant::DeadOneByOne) {
            self.die(usize::from(self.core.owner), object)?;
        }
        match self.core.suspects.iter().find(|other| *other > object) {
            Some(next) => self.at(Step::Commit(next as u8)),
            None => self.promote(setting),
        }
    }

    /// The survivors are old now, and those that were candidates stay candidates:
    /// something old may hold them that is garbage.
    pub(crate) fn promote(&mut self, setting: &Setting) -> Result<(), Violation> {
        let survivors = self.core.pinned.without(self.core.suspects);
        for object in survivors.iter() {
            self.objects[object].old = setting.generations;
            let candidate = self.core.drained.has(object);
            if candidate && setting.is(Variant::ClearBufferedAtEnd) {
                self.open(object)?.word.buffered = false;
                self.give_share(object)?;
            } else if candidate && self.core.young && !setting.is(Variant::ForgetSurvivors) {
                self.rebuffer(object)?;
            }
        }
        if setting.is(Variant::ClearBufferedAtEnd) {
            for object in self.core.drained.without(survivors).iter() {
                self.give_share(object)?;
            }
        }
        self.core = Core {
            owner: self.core.owner,
            pinned: survivors,
            suspects: self.core.suspects,
            finalize: self.core.finalize,
            again: self.core.again,
            ..Core::default()
        };
        self.begin_unpin(setting)
    }

    /// A survivor goes to the buffer of its generation, unless a drop has made it a
    /// candidate again.
    fn rebuffer(&mut self, object: usize) -> Result<(), Violation> {
        let found = self.open(object)?;
        if !found.word.buffered {
            found.word.buffered = true;
            found.weak += 1;
            let buffer = if found.old { &mut self.old } else { &mut self.young };
            buffer.add(object);
        }
        Ok(())
    }

    /// Step 10. A pin is given back in silence only with the flag held since it was
    /// made: no other collection has seen it.
    fn begin_unpin(&mut self, setting: &Setting) -> Result<(), Violation> {
        let seen = self.core.again && !setting.is(Variant::SilentAfterFinalizers);
        match self.core.pinned.first() {
            Some(object) if !seen && !setting.is(Variant::PinsOutliveFlag) => {
                self.at(Step::Unpin(object as u8))
            }
            _ => self.release_flag(setting),
        }
    }

    /// A pin that is not the last to keep the object is given back with the flag
    /// held; the last one after that, for it runs a destructor.
    fn unpin_under_flag(&mut self, setting: &Setting, object: usize) -> Result<(), Violation> {
        if self.objects[object].word.count > 1 {
            self.count_down(object)?;
            self.core.pinned.remove(object);
        }
        match self.core.pinned.iter().find(|other| *other > object) {
            Some(next) => self.at(Step::Unpin(next as u8)),
            None => self.release_flag(setting),
        }
    }
}

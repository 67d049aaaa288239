//! Step 8 of design section 6: finalizers, between two verifications.

use crate::check::Violation;
use crate::set::Set;
use crate::setting::{Setting, Variant};
use crate::state::{Core, Handle, State, Step};
use crate::steps::Steps;

impl State {
    /// G is un-claimed and the flag let go, after the pins of all others.
    pub(crate) fn begin_finalizers(&mut self, setting: &Setting) -> Result<(), Violation> {
        self.core.doomed = Set::default();
        if !setting.is(Variant::ClaimOverFinalizer) {
            self.unclaim(setting, self.core.suspects);
        }
        if [Variant::ClaimOverFinalizer, Variant::FlagOverFinalizer].contains(&setting.variant) {
            let owner = usize::from(self.core.owner);
            self.threads[owner].finalizing = self.core.suspects;
            return self.at(Step::Finalizers);
        }
        self.core.finalize = true;
        self.promote(setting)
    }

    /// 9 and 10: the flag is free, and what runs user code is the thread's: the
    /// values of G, or their finalizers, and pins that are the last.
    pub(crate) fn release_flag(&mut self, setting: &Setting) -> Result<(), Violation> {
        let core = std::mem::take(&mut self.core);
        let owner = usize::from(core.owner);
        self.threads[owner].unpin = self.threads[owner].unpin.or(core.pinned);
        if core.finalize {
            self.threads[owner].finalizing = core.suspects;
        } else if !setting.is(Variant::DeadOneByOne) {
            for object in core.suspects.iter() {
                self.die(owner, object)?;
            }
        }
        Ok(())
    }

    /// All have run: step 4 again, with the same pinned objects.
    fn take_flag_again(&mut self, setting: &Setting, thread: usize) -> Result<(), Violation> {
        let members = std::mem::take(&mut self.threads[thread].finalizing);
        if self.core.step == Step::Finalizers {
            self.unclaim(setting, members);
        } else {
            let owner = thread as u8;
            self.core =
                Core { owner, pinned: members, suspects: members, again: true, ..Core::default() };
        }
        self.verify(setting)
    }

    /// The locks that the next finalizer of `thread` waits for: those of its object
    /// and of what that leads to.
    #[must_use]
    pub fn finalizer_locks(&self, setting: &Setting, thread: usize) -> Set {
        let mut locks = Set::default();
        if let Some(object) = self.unfinalized(thread) {
            for cell in setting.cells_of(object) {
                locks.add(cell);
                let target = self.cells[cell].target();
                let cells = target.into_iter().flat_map(|target| setting.cells_of(target));
                cells.for_each(|cell| locks.add(cell));
            }
        }
        locks
    }

    fn unfinalized(&self, thread: usize) -> Option<usize> {
        self.threads[thread].finalizing.iter().find(|object| !self.objects[*object].finalized)
    }
}

/// A finalizer locks its object's cells and does one of three things: nothing,
/// give away a handle to its object, or take a handle out of it and give that away.
pub(crate) fn steps(steps: &mut Steps<'_>, thread: usize) {
    let (setting, state) = (steps.setting, steps.state);
    let Some(object) = state.unfinalized(thread) else {
        if [Step::Rest, Step::Finalizers].contains(&state.core.step) {
            steps.add("takes the flag again", 0, |state, setting| {
                state.take_flag_again(setting, thread)
            });
        }
        return;
    };
    if !state.all_free(setting, state.finalizer_locks(setting, thread)) {
        return;
    }
    steps.add("finalizes", object, |state, _| {
        state.objects[object].finalized = true;
        Ok(())
    });
    let Some((to, register)) = state.free_register(setting) else { return };
    steps.add("resurrects", object, |state, _| {
        state.objects[object].finalized = true;
        state.threads[to].registers[register] = Handle::strong(object);
        state.count_up(object)
    });
    for cell in setting.cells_of(object).filter(|cell| state.cells[*cell].target().is_some()) {
        steps.add("gives away in a finalizer what is in cell", cell, |state, _| {
            state.objects[object].finalized = true;
            state.threads[to].registers[register] = std::mem::take(&mut state.cells[cell]);
            Ok(())
        });
    }
}

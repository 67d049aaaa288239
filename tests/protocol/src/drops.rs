//! Clone, drop, upgrade and the end of a value: design section 6, "The box".
//! Whatever ends a handle comes through here, the collector's own drops too.

use crate::check::{self, Violation};
use crate::set::Set;
use crate::setting::{Destructor, Setting, Variant};
use crate::state::{Handle, Life, Object, Op, State};
use crate::steps::Steps;

impl State {
    /// The box of `object`, whose memory must not have been given back.
    pub(crate) fn open(&mut self, object: usize) -> Result<&mut Object, Violation> {
        let found = &mut self.objects[object];
        match found.life {
            Life::Alive | Life::Dropped => Ok(found),
            Life::Freed | Life::Unborn => Err(Violation::UsedAfterFree(object)),
        }
    }

    /// clone: one `fetch_add`. Who holds a handle knows that the count is not zero.
    pub(crate) fn count_up(&mut self, object: usize) -> Result<(), Violation> {
        let found = self.open(object)?;
        if found.word.count == 0 {
            return Err(Violation::CountedUpFromZero(object));
        }
        found.word.count += 1;
        Ok(())
    }

    /// The decrement of a drop, which clears SEEN. True if nothing is left.
    pub(crate) fn count_down(&mut self, object: usize) -> Result<bool, Violation> {
        let word = &mut self.open(object)?.word;
        word.count = word.count.checked_sub(1).ok_or(Violation::CountedBelowZero(object))?;
        word.seen = false;
        Ok(word.count == 0)
    }

    /// Another weak share of the box.
    pub(crate) fn take_share(&mut self, object: usize) -> Result<(), Violation> {
        self.open(object)?.weak += 1;
        Ok(())
    }

    /// A weak share goes back; the last one frees the box.
    pub(crate) fn give_share(&mut self, object: usize) -> Result<(), Violation> {
        let found = self.open(object)?;
        found.weak = found.weak.checked_sub(1).ok_or(Violation::CountedBelowZero(object))?;
        if found.weak == 0 {
            if found.life == Life::Alive {
                return Err(Violation::FreedAlive(object));
            }
            found.life = Life::Freed;
        }
        Ok(())
    }

    /// upgrade, where it does not wait: a claimed object is not asked for here.
    pub(crate) fn upgrade(&mut self, object: usize) -> Result<bool, Violation> {
        let word = &mut self.open(object)?.word;
        let alive = !word.dead && word.count > 0;
        word.count += u8::from(alive);
        Ok(alive)
    }

    /// Whether an upgrade of `object` has to wait for the collector.
    #[must_use]
    pub fn upgrade_waits(&self, object: usize) -> bool {
        let word = self.objects[object].word;
        !word.dead && word.count > 0 && word.claimed
    }

    /// The value of `object` goes.
    pub(crate) fn die(&mut self, thread: usize, object: usize) -> Result<(), Violation> {
        let found = self.open(object)?;
        if found.life != Life::Alive {
            return Err(Violation::DroppedTwice(object));
        }
        found.life = Life::Dropped;
        self.threads[thread].dying.add(object);
        Ok(())
    }

    /// The start of a drop. Where no share has to be taken before the
    /// compare-exchange, reading the word and exchanging it are one moment: the
    /// exchange succeeds only if nothing has come between.
    pub(crate) fn begin_drop(
        &mut self,
        setting: &Setting,
        thread: usize,
        object: usize,
    ) -> Result<(), Violation> {
        let word = self.open(object)?.word;
        if setting.is(Variant::PushAfterDecrement) && !word.dead {
            if self.count_down(object)? {
                return self.die(thread, object);
            }
            if !word.buffered {
                self.open(object)?.word.buffered = true;
                self.threads[thread].op = Op::PushLate(object as u8);
            }
        } else if word.dead || word.buffered || word.count == 1 {
            // What is dead is the collector's: its handles only count down.
            if self.count_down(object)? && !word.dead {
                self.die(thread, object)?;
            }
        } else {
            self.take_share(object)?;
            self.threads[thread].op = Op::Count(object as u8);
            if setting.merges_shares() {
                self.go_on_with_drop(thread)?;
            }
            if setting.merges_shares() && self.threads[thread].op == Op::Return(object as u8) {
                self.go_on_with_drop(thread)?;
            }
        }
        Ok(())
    }

    /// The compare-exchange of a drop that has taken a share.
    fn drop_with_share(&mut self, thread: usize, object: usize) -> Result<(), Violation> {
        let last = self.count_down(object)?;
        let word = &mut self.open(object)?.word;
        self.threads[thread].op = if last || word.dead || word.buffered {
            Op::Return(object as u8)
        } else {
            word.buffered = true;
            Op::Push(object as u8)
        };
        if last && !self.objects[object].word.dead { self.die(thread, object) } else { Ok(()) }
    }

    /// The next step of the drop that `thread` is in.
    fn go_on_with_drop(&mut self, thread: usize) -> Result<(), Violation> {
        match std::mem::take(&mut self.threads[thread].op) {
            Op::None => {}
            Op::Count(object) => self.drop_with_share(thread, usize::from(object))?,
            Op::Return(object) => self.give_share(usize::from(object))?,
            Op::Push(object) => self.young.add(usize::from(object)),
            Op::PushLate(object) => {
                self.take_share(usize::from(object))?;
                self.young.add(usize::from(object));
            }
        }
        Ok(())
    }

    /// 10, after the flag: an ordinary drop. Where it is not the last after all,
    /// another collection may have seen the pin and taken the object for live.
    fn unpin(&mut self, setting: &Setting, thread: usize, object: usize) -> Result<(), Violation> {
        self.threads[thread].unpin.remove(object);
        if ![Variant::PinsOutliveFlag, Variant::SilentLastPin].contains(&setting.variant) {
            return self.begin_drop(setting, thread, object);
        }
        if self.count_down(object)? { self.die(thread, object) } else { Ok(()) }
    }

    /// The dying object that is next: as long as a value among them has handles,
    /// one of these, for its handles may lead to the others and count them down.
    /// So the boxes of a cycle go when all of its values have gone.
    pub(crate) fn next_to_dismantle(&self, setting: &Setting, thread: usize) -> Option<usize> {
        let dying = self.threads[thread].dying;
        let full =
            |object: &usize| setting.cells_of(*object).any(|cell| !self.cells[cell].is_none());
        let next = dying.iter().find(full).filter(|_| !setting.is(Variant::FreeOneByOne));
        // With the flag in its hand, where a variant has it so, only values go.
        next.or(dying.first().filter(|_| !self.collects(thread)))
    }

    /// The next handle of a dying value is dropped, or, after the last, the
    /// value's weak share goes back.
    fn dismantle(
        &mut self,
        setting: &Setting,
        thread: usize,
        object: usize,
    ) -> Result<(), Violation> {
        let full = setting.cells_of(object).find(|cell| !self.cells[*cell].is_none());
        let Some(cell) = full else {
            self.threads[thread].dying.remove(object);
            return self.give_share(object);
        };
        let handle = std::mem::take(&mut self.cells[cell]);
        match (handle.target(), handle.weak_target()) {
            (Some(target), _) => self.begin_drop(setting, thread, target),
            (_, Some(target)) => self.give_share(target),
            _ => Ok(()),
        }
    }

    /// The locks that the destructor of `object` waits for: the cells of what it
    /// leads to, if that is alive.
    #[must_use]
    pub fn destructor_locks(&self, setting: &Setting, object: usize) -> Set {
        let mut locks = Set::default();
        if setting.destructor == Destructor::Locks {
            let cell = setting.cells_of(object).find(|cell| !self.cells[*cell].is_none());
            let target = cell.and_then(|cell| self.cells[cell].target());
            if let Some(target) = target.filter(|target| !self.objects[*target].word.dead) {
                setting.cells_of(target).for_each(|cell| locks.add(cell));
            }
        }
        locks
    }

    /// Whether user code can lock each of `locks` at some moment from now on
    /// without anybody else moving.
    #[must_use]
    pub fn all_free(&self, setting: &Setting, locks: Set) -> bool {
        locks.iter().all(|cell| self.mutator_can_lock(setting, cell, true))
    }
}

/// What a thread does that is in a drop, drops values or gives back pins.
pub(crate) fn steps(steps: &mut Steps<'_>, thread: usize) {
    let now = steps.state.threads[thread];
    if now.op != Op::None {
        steps.add("goes on with a drop", 0, |state, _| state.go_on_with_drop(thread));
    } else if let Some(object) = steps.state.next_to_dismantle(steps.setting, thread) {
        let locks = steps.state.destructor_locks(steps.setting, object);
        if steps.state.all_free(steps.setting, locks) {
            steps.add("dismantles", object, |state, setting| {
                state.dismantle(setting, thread, object)
            });
        }
        rescues(steps, object);
    } else if let Some(object) = now.unpin.first() {
        steps.add("gives back the pin of", object, |state, setting| {
            state.unpin(setting, thread, object)
        });
    }
}

/// A destructor upgrades the weak handle of a cell and gives it away.
fn rescues(steps: &mut Steps<'_>, object: usize) {
    if steps.setting.destructor != Destructor::Rescues {
        return;
    }
    for cell in steps.setting.cells_of(object) {
        let Some(target) = steps.state.cells[cell].weak_target() else { continue };
        let Some((to, register)) = steps.state.free_register(steps.setting) else { continue };
        if !steps.state.upgrade_waits(target) {
            steps.add("upgrades in a destructor", target, |state, setting| {
                if state.upgrade(target)? {
                    state.threads[to].registers[register] = Handle::strong(target);
                    check::spare_doomed(setting, state);
                }
                Ok(())
            });
        }
    }
}

impl State {
    /// A register that user code of the collector can give a handle to.
    #[must_use]
    pub fn free_register(&self, setting: &Setting) -> Option<(usize, usize)> {
        setting.threads.iter().enumerate().find_map(|(thread, registers)| {
            (0..registers.len())
                .find(|register| self.threads[thread].registers[*register].is_none())
                .map(|register| (thread, register))
        })
    }
}

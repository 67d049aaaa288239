//! The verification of G: steps 4 to 7 of design section 6.

use crate::check::Violation;
use crate::set::Set;
use crate::setting::{Kind, Setting, Variant};
use crate::state::{Handle, State, Step};
use crate::steps::Steps;

/// The next step of a verification.
pub(crate) fn steps(steps: &mut Steps<'_>) {
    match steps.state.core.step {
        Step::Lock(cell) => steps.add("locks and reads cell", cell.into(), |state, setting| {
            state.lock_and_read(setting, cell.into());
            while let (false, Step::Lock(cell)) = (setting.small_steps, state.core.step) {
                state.lock_and_read(setting, cell.into());
            }
            Ok(())
        }),
        Step::Pass1(object) => steps
            .add("pass 1 at", object.into(), |state, setting| state.pass_1(setting, object.into())),
        Step::Reread(cell) => steps.add("reads again cell", cell.into(), |state, setting| {
            state.reread(setting, cell.into())
        }),
        Step::Unlock => steps.add("releases its guards", 0, State::unlock),
        Step::Weak(object) => steps.add("pass 2, weak count of", object.into(), |state, _| {
            let weak = state.has_weak(object.into());
            state.at(Step::Word(object, weak))
        }),
        Step::Word(object, weak) => {
            steps.add("pass 2, word of", object.into(), |state, setting| {
                state.pass_2(setting, object.into(), weak)
            })
        }
        Step::WeakLate(object) => {
            steps.add("reads late the weak count of", object.into(), |state, setting| {
                state.weak_late(setting, object.into())
            })
        }
        _ => {}
    }
}

impl State {
    /// 4: the first cell of G.
    pub(crate) fn verify(&mut self, setting: &Setting) -> Result<(), Violation> {
        self.core.step = Step::Pass1(self.core.suspects.first().unwrap_or(0) as u8);
        self.next_cell(setting, 0, Step::Lock);
        Ok(())
    }

    /// Goes to `step` for the next cell of G from `from` on, if there is one.
    fn next_cell(&mut self, setting: &Setting, from: usize, step: fn(u8) -> Step) -> bool {
        let members = self.core.suspects;
        let next = (from..setting.cells.len()).find(|cell| members.has(setting.cells[*cell].0));
        self.core.step = next.map_or(self.core.step, |cell| step(cell as u8));
        next.is_some()
    }

    /// 4: one cell. What fails leaves G; what it reaches will not count its edges.
    fn lock_and_read(&mut self, setting: &Setting, cell: usize) {
        let owner = setting.cells[cell].0;
        if self.collector_can_lock(setting, cell) {
            let locked = matches!(setting.kind(cell), Kind::Mutex | Kind::RwLock);
            if locked && !setting.is(Variant::ReadTwice) {
                self.core.guards.add(cell);
            }
            let strong = self.cells[cell].target().map_or(Handle::NONE, Handle::strong);
            self.core.edges[cell] = strong;
        } else {
            self.core.suspects.remove(owner);
            for cell in setting.cells_of(owner) {
                self.core.guards.remove(cell);
                self.core.edges[cell] = Handle::NONE;
            }
        }
        if self.next_cell(setting, cell + 1, Step::Lock) {
            return;
        }
        if setting.is(Variant::UnlockBeforePass1) {
            self.core.guards = Set::default();
        }
        self.core.step = match self.core.suspects.first() {
            Some(object) => Step::Pass1(object as u8),
            None => Step::Unlock,
        };
    }

    /// 5: SEEN on one word. Who is out by then has left alone; the rest of the
    /// work is arithmetic, done at the last object.
    fn pass_1(&mut self, setting: &Setting, object: usize) -> Result<(), Violation> {
        let word = &mut self.open(object)?.word;
        word.seen = true;
        self.core.first[object] = *word;
        if let Some(next) = self.core.suspects.iter().find(|other| *other > object) {
            return self.at(Step::Pass1(next as u8));
        }
        let before = self.core.suspects;
        self.settle(setting);
        if setting.is(Variant::UnpinUnderGuards) {
            let left = before.without(self.core.suspects);
            self.core.pinned = self.core.pinned.without(left);
            let owner = usize::from(self.core.owner);
            self.threads[owner].unpin = left;
        }
        self.core.step = Step::Unlock;
        if setting.is(Variant::ReadTwice) {
            self.next_cell(setting, 0, Step::Reread);
        }
        Ok(())
    }

    /// What does not add up leaves G, until all that is left does.
    fn settle(&mut self, setting: &Setting) {
        loop {
            let members = self.core.suspects;
            let fails = |object: usize| {
                let word = self.core.first[object];
                let inside = self.edges_into(setting, object, members);
                word.dead || word.claimed || word.count != inside + 1
            };
            let failing: Vec<_> = members.iter().filter(|object| fails(*object)).collect();
            for &object in &failing {
                self.leave(setting, object);
            }
            let once = [Variant::NoRecount, Variant::ClosureOnly].contains(&setting.variant);
            if once || failing.is_empty() {
                return;
            }
        }
    }

    /// The recorded handles to `object` in cells of `members`.
    fn edges_into(&self, setting: &Setting, object: usize, members: Set) -> u8 {
        let edges = members.iter().flat_map(|member| setting.cells_of(member));
        edges.filter(|cell| self.core.edges[*cell].target() == Some(object)).count() as u8
    }

    /// `object` leaves G, and what it reaches on recorded edges with it.
    fn leave(&mut self, setting: &Setting, object: usize) {
        let alone = match setting.variant {
            Variant::NoRecount | Variant::RecountOnly => !self.in_pass_2(),
            Variant::LeaveAlone => self.in_pass_2(),
            _ => false,
        };
        let mut left = Set::of(&[object]);
        if setting.is(Variant::FailTogether) {
            left = self.core.suspects;
        }
        let mut todo = left;
        while let Some(object) = todo.first().filter(|_| !alone) {
            todo.remove(object);
            for cell in setting.cells_of(object) {
                if let Some(target) = self.core.edges[cell].target().filter(|to| !left.has(*to)) {
                    left.add(target);
                    todo.add(target);
                }
            }
        }
        let left = Set(left.0 & self.core.suspects.0);
        self.core.suspects = self.core.suspects.without(left);
        self.unclaim(setting, left);
    }

    fn in_pass_2(&self) -> bool {
        matches!(self.core.step, Step::Weak(_) | Step::Word(..) | Step::WeakLate(_))
    }

    /// Claims are undone by `fetch_and`. One step for all of them: who waits for
    /// one of them could as well have waited longer.
    pub(crate) fn unclaim(&mut self, setting: &Setting, members: Set) {
        for object in members.iter() {
            let word = &mut self.objects[object].word;
            if word.claimed {
                if setting.is(Variant::UnclaimByStore) {
                    *word = self.core.first[object];
                }
                word.claimed = false;
            }
        }
    }

    /// Of [`Variant::ReadTwice`]: whether a cell still holds what was recorded.
    fn reread(&mut self, setting: &Setting, cell: usize) -> Result<(), Violation> {
        let strong = self.cells[cell].target().map_or(Handle::NONE, Handle::strong);
        if !self.collector_can_lock(setting, cell) || self.core.edges[cell] != strong {
            self.leave(setting, setting.cells[cell].0);
        }
        if !self.next_cell(setting, cell + 1, Step::Reread) {
            self.core.step = Step::Unlock;
        }
        Ok(())
    }

    /// 6: all guards. One step: who gets a lock that the collector lets go of
    /// first could as well have got it when all are free.
    fn unlock(&mut self, setting: &Setting) -> Result<(), Violation> {
        self.core.guards = Set::default();
        match self.core.suspects.first() {
            Some(object) if !setting.is(Variant::OnePass) => self.look_again(setting, object),
            _ => self.end_verification(setting),
        }
    }

    /// 7: the next object. Without weak handles in the program, reading the weak
    /// count is no step.
    fn look_again(&mut self, setting: &Setting, object: usize) -> Result<(), Violation> {
        let skips = !setting.weak || setting.is(Variant::WeakAfterWord);
        self.core.step =
            if skips { Step::Word(object as u8, false) } else { Step::Weak(object as u8) };
        Ok(())
    }

    /// More weak shares than those of the value and of an entry in a buffer.
    fn has_weak(&self, object: usize) -> bool {
        let entry = u8::from(self.core.first[object].buffered);
        self.objects[object].weak > 1 + entry
    }

    /// 7: the word again, or the claim.
    fn pass_2(&mut self, setting: &Setting, object: usize, weak: bool) -> Result<(), Violation> {
        let word = self.open(object)?.word;
        let same = if [Variant::NoSeen, Variant::ReadTwice].contains(&setting.variant) {
            word.count == self.core.first[object].count
        } else {
            word == self.core.first[object]
        };
        if !same {
            self.leave(setting, object);
        } else if weak && !setting.is(Variant::NoClaim) {
            self.objects[object].word.claimed = true;
        } else if setting.is(Variant::WeakAfterWord) {
            return self.at(Step::WeakLate(object as u8));
        }
        self.after_pass_2(setting, object)
    }

    /// Of [`Variant::WeakAfterWord`]: the weak count, and the claim if need be.
    fn weak_late(&mut self, setting: &Setting, object: usize) -> Result<(), Violation> {
        if self.has_weak(object) {
            if self.objects[object].word == self.core.first[object] {
                self.objects[object].word.claimed = true;
            } else {
                self.leave(setting, object);
            }
        }
        self.after_pass_2(setting, object)
    }

    fn after_pass_2(&mut self, setting: &Setting, object: usize) -> Result<(), Violation> {
        match self.core.suspects.iter().find(|other| *other > object) {
            Some(next) => self.look_again(setting, next),
            None => self.end_verification(setting),
        }
    }
}

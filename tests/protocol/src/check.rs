//! What must hold: in every state, when everybody rests, and of who waits for whom.

use crate::mutator;
use crate::set::Set;
use crate::setting::{Setting, Variant};
use crate::state::{Life, Op, State, Step};
use crate::steps::Steps;

/// What has gone wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A thread can get at an object whose value has been dropped.
    HoldsDestroyed(usize),
    /// An intact object has a handle to one whose value has been dropped.
    LeadsToDestroyed(usize),
    /// The memory of a box is used that was given back.
    UsedAfterFree(usize),
    /// A value is dropped twice.
    DroppedTwice(usize),
    /// A box is freed with its value in it.
    FreedAlive(usize),
    /// A handle is made to an object that nothing held.
    CountedUpFromZero(usize),
    /// More handles or shares are given back than there were.
    CountedBelowZero(usize),
    /// With everybody at rest, a count does not say how many handles there are,
    /// or a claim has stayed.
    Miscounted(usize),
    /// What was garbage when a collection started was not found by it.
    Missed(Set),
    /// With everybody at rest, a collection has left garbage.
    Leaked(Set),
    /// This thread waits for itself, or for one that may wait for it.
    Deadlock(usize),
    /// This thread waits with the collector's flag in its hand.
    CollectorWaits(usize),
}

/// What nothing leads to but itself. What is in the hands of a thread that drops
/// it, or unpins it, is not garbage yet.
#[must_use]
pub fn garbage(setting: &Setting, state: &State) -> Set {
    let mut roots = Set::default();
    for thread in &state.threads[..setting.threads.len()] {
        let held = thread.registers.iter().filter_map(|handle| handle.target());
        held.for_each(|object| roots.add(object));
        roots = roots.or(thread.dying).or(thread.unpin).or(thread.finalizing);
        if let Op::Count(object) | Op::Push(object) | Op::PushLate(object) = thread.op {
            roots.add(object.into());
        }
    }
    let alive = (0..setting.objects).filter(|object| state.objects[*object].life == Life::Alive);
    Set::of(&alive.collect::<Vec<_>>()).without(reach(setting, state, roots))
}

/// After an upgrade: what it has made reachable again may live on.
pub(crate) fn spare_doomed(setting: &Setting, state: &mut State) {
    state.core.doomed = Set(state.core.doomed.0 & garbage(setting, state).0);
}

/// The objects that strong handles in cells lead to from `roots`, and those.
fn reach(setting: &Setting, state: &State, roots: Set) -> Set {
    let (mut all, mut todo) = (roots, roots);
    while let Some(object) = todo.first() {
        todo.remove(object);
        for target in setting.cells_of(object).filter_map(|cell| state.cells[cell].target()) {
            if !all.has(target) {
                all.add(target);
                todo.add(target);
            }
        }
    }
    all
}

/// What the buffers' candidates lead to.
#[must_use]
pub fn entries(setting: &Setting, state: &State) -> Set {
    reach(setting, state, state.young.or(state.old))
}

/// What trial deletion would find among the pinned objects if it read everything
/// at this moment.
#[must_use]
pub fn trial_deletion(setting: &Setting, state: &State) -> Set {
    let pinned = state.core.pinned;
    let held = pinned.iter().filter(|object| {
        let cells = pinned.iter().flat_map(|member| setting.cells_of(member));
        let inside = cells.filter(|cell| state.cells[*cell].target() == Some(*object)).count();
        usize::from(state.objects[*object].word.count) > inside + 1
    });
    pinned.without(reach(setting, state, Set::of(&held.collect::<Vec<_>>())))
}

/// What must hold in every state.
///
/// # Errors
///
/// What does not.
pub fn always(setting: &Setting, state: &State) -> Result<(), Violation> {
    let life = |object: usize| state.objects[object].life;
    for thread in &state.threads[..setting.threads.len()] {
        for handle in thread.registers {
            if handle.target().is_some_and(|object| life(object) != Life::Alive) {
                return Err(Violation::HoldsDestroyed(handle.target().unwrap_or(0)));
            }
            if handle.weak_target().is_some_and(|object| life(object) == Life::Freed) {
                return Err(Violation::UsedAfterFree(handle.weak_target().unwrap_or(0)));
            }
        }
        for guard in thread.guards.iter().flatten() {
            let owner = setting.cells[usize::from(guard.cell)].0;
            if life(owner) != Life::Alive {
                return Err(Violation::HoldsDestroyed(owner));
            }
        }
    }
    let going =
        if setting.is(Variant::DeadOneByOne) { state.core.suspects } else { Set::default() };
    for (cell, (owner, _)) in setting.cells.iter().enumerate() {
        let handle = state.cells[cell];
        let intact = life(*owner) == Life::Alive && !going.has(*owner);
        if intact && handle.target().is_some_and(|object| life(object) != Life::Alive) {
            return Err(Violation::LeadsToDestroyed(handle.target().unwrap_or(0)));
        }
    }
    Ok(())
}

/// What must hold when no thread is in the middle of anything: the counts are
/// right, and a collection leaves no garbage, locks that mutators hold or not.
///
/// # Errors
///
/// What does not hold.
pub fn at_rest(setting: &Setting, state: &State) -> Result<(), Violation> {
    let busy = (0..setting.threads.len()).any(|thread| !state.is_between(thread));
    if busy || state.core.step != Step::Rest {
        return Ok(());
    }
    counted(setting, state)?;
    let garbage = garbage(setting, state);
    if garbage.is_empty() {
        return Ok(());
    }
    let Some(after) = collected(setting, state)? else { return Ok(()) };
    counted(setting, &after)?;
    let left = garbage.iter().filter(|object| !after.is_gone(setting, *object));
    let left = Set::of(&left.collect::<Vec<_>>());
    if left.is_empty() { Ok(()) } else { Err(Violation::Leaked(left)) }
}

/// One collection of everything, with nobody beside it. None if a destructor
/// waits for a lock that a mutator holds.
fn collected(setting: &Setting, state: &State) -> Result<Option<State>, Violation> {
    let mut now = *state;
    let Some(thread) = setting.collectors.first() else { return Ok(None) };
    let mut found = Vec::new();
    let mut started = false;
    loop {
        found.clear();
        Steps::of(setting, &now, thread, &mut found);
        let between = now.is_between(thread);
        if between {
            found.retain(|(label, _)| label.verb == "starts a collection" && !started);
        }
        // Everything is suspected, and finalizers and destructors do nothing.
        let choice =
            if now.core.step == Step::Choose { found.pop() } else { found.drain(..).next() };
        match choice {
            Some((_, next)) => now = next?,
            None if between => return Ok(Some(now)),
            None => return Ok(None),
        }
        started = true;
    }
}

/// The counts of intact objects are right, and nothing is claimed.
fn counted(setting: &Setting, state: &State) -> Result<(), Violation> {
    for object in 0..setting.objects {
        let found = state.objects[object];
        if found.life == Life::Alive {
            let (strong, weak) = state.handles(setting, object);
            let entry = u8::from(state.young.or(state.old).has(object));
            let right = found.word.count == strong
                && found.weak == 1 + weak + entry
                && found.word.buffered == (entry == 1)
                && !found.word.claimed
                && !found.word.dead;
            if !right {
                return Err(Violation::Miscounted(object));
            }
        }
    }
    Ok(())
}

impl State {
    /// How many strong and weak handles there are to `object`.
    fn handles(&self, setting: &Setting, object: usize) -> (u8, u8) {
        let alive = |cell: &usize| self.objects[setting.cells[*cell].0].life == Life::Alive;
        let cells = (0..setting.cells.len()).filter(alive).map(|cell| self.cells[cell]);
        let registers = self.threads.iter().flat_map(|thread| thread.registers);
        cells.chain(registers).fold((0, 0), |(strong, weak), handle| {
            let (is_strong, is_weak) =
                (handle.target() == Some(object), handle.weak_target() == Some(object));
            (strong + u8::from(is_strong), weak + u8::from(is_weak))
        })
    }

    /// Whether nothing is left of `object` but the memory, and that is kept by a weak
    /// handle or by an entry that the next drain gives back.
    fn is_gone(&self, setting: &Setting, object: usize) -> bool {
        match self.objects[object].life {
            Life::Unborn | Life::Freed => true,
            Life::Dropped => {
                self.handles(setting, object).1 > 0 || self.young.or(self.old).has(object)
            }
            Life::Alive => false,
        }
    }
}

/// Of a thread that cannot go on: whether it ever will.
///
/// # Errors
///
/// A deadlock, or a wait of the collector that can become one.
pub fn waits(setting: &Setting, state: &State, thread: usize) -> Result<(), Violation> {
    let locks = match state.next_to_dismantle(setting, thread) {
        Some(object) => state.destructor_locks(setting, object),
        None => state.finalizer_locks(setting, thread),
    };
    let collects = state.collects(thread);
    for cell in locks.iter() {
        if collects && state.core.guards.has(cell) {
            return Err(Violation::Deadlock(thread));
        }
        for (holder, _) in state.holders(cell) {
            if holder != thread && may_wait_for(setting, state, holder, thread) {
                return Err(Violation::Deadlock(thread));
            }
        }
    }
    if collects && setting.is(Variant::Sound) {
        return Err(Violation::CollectorWaits(thread));
    }
    Ok(())
}

/// Whether `holder`, which holds a lock, may next wait for `thread`, the collector.
fn may_wait_for(setting: &Setting, state: &State, holder: usize, thread: usize) -> bool {
    if !state.is_between(holder) {
        return false;
    }
    let (locks, upgrades) = mutator::wishes(setting, state, holder);
    let collects = state.collects(thread);
    let at_lock = collects && locks.iter().any(|cell| state.core.guards.has(cell));
    let at_upgrade = collects && upgrades.iter().any(|object| state.upgrade_waits(object));
    let at_flag = collects && setting.is(Variant::FlagOverFinalizer);
    let at_collect = setting.is(Variant::CollectWaits) && setting.threads[thread].is_empty();
    at_lock || at_upgrade || at_flag || at_collect
}

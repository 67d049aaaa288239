//! What a program does with its handles. A borrow is not a state of its own: it
//! begins at a register, and whoever could go on with it can begin it anew, for
//! the register stays where it is, cells without locks do not change once they
//! are set, and the others are held by a guard. So only guards are states.

use crate::check;
use crate::set::Set;
use crate::setting::{Kind, Setting};
use crate::state::{GUARDS, Guard, Handle, Life, State, Thread, Via};
use crate::steps::Steps;

/// A cell that a thread gets to, and from where.
type Reached = (usize, Via);

/// The cells that `thread` gets to without taking another lock.
#[derive(Debug, Default)]
struct View {
    /// Readable: without locks, or guarded by this thread.
    open: Vec<Reached>,
    /// Behind a lock that this thread does not hold.
    shut: Vec<Reached>,
}

impl View {
    fn new(setting: &Setting, state: &State, thread: usize) -> Self {
        let mut view = Self::default();
        let now = &state.threads[thread];
        for (number, register) in now.registers.iter().enumerate() {
            let via = Via::Register(number as u8);
            view.enter(setting, state, now, *register, via, &mut Set::default());
        }
        for (number, guard) in now.guards.iter().enumerate() {
            if let Some(guard) = guard {
                let via = Via::Guard(number as u8);
                view.open.push((usize::from(guard.cell), via));
                let handle = state.cells[usize::from(guard.cell)];
                view.enter(setting, state, now, handle, via, &mut Set::default());
            }
        }
        view
    }

    fn enter(
        &mut self,
        setting: &Setting,
        state: &State,
        now: &Thread,
        handle: Handle,
        via: Via,
        seen: &mut Set,
    ) {
        let Some(object) = handle.target().filter(|object| !seen.has(*object)) else { return };
        seen.add(object);
        for cell in setting.cells_of(object) {
            match setting.kind(cell) {
                Kind::Once | Kind::Immutable => {
                    self.open.push((cell, via));
                    self.enter(setting, state, now, state.cells[cell], via, seen);
                }
                Kind::Mutex | Kind::RwLock => {
                    if !now.guards.iter().flatten().any(|held| usize::from(held.cell) == cell) {
                        self.shut.push((cell, via));
                    }
                }
            }
        }
    }
}

/// The locks that an idle `thread` can ask for, and the objects that it can
/// upgrade: what it may come to wait for.
#[must_use]
pub(crate) fn wishes(setting: &Setting, state: &State, thread: usize) -> (Set, Set) {
    let (mut locks, mut upgrades) = (Set::default(), Set::default());
    let view = View::new(setting, state, thread);
    view.shut.iter().for_each(|(cell, _)| locks.add(*cell));
    for handle in places(state, thread, &view) {
        handle.weak_target().into_iter().for_each(|object| upgrades.add(object));
    }
    (locks, upgrades)
}

/// Every handle that `thread` can read.
fn places(state: &State, thread: usize, view: &View) -> Vec<Handle> {
    let registers = state.threads[thread].registers.into_iter();
    let mut places: Vec<_> =
        registers.chain(view.open.iter().map(|(cell, _)| state.cells[*cell])).collect();
    places.sort();
    places.dedup();
    places.retain(|handle| !handle.is_none());
    places
}

/// Everything that `thread` can do.
pub(crate) fn steps(steps: &mut Steps<'_>, thread: usize) {
    let (setting, state) = (steps.setting, *steps.state);
    if setting.threads[thread].is_empty() {
        return;
    }
    let view = View::new(setting, &state, thread);
    let capacity = setting.threads[thread].len();
    let now = &state.threads[thread];
    let free = (0..capacity).find(|register| now.registers[*register].is_none());
    if let Some(free) = free {
        for handle in places(&state, thread, &view) {
            copies(steps, thread, free, handle);
        }
        allocations(steps, thread, free);
    }
    for register in 0..capacity {
        if !now.registers[register].is_none() && !now.uses(Via::Register(register as u8)) {
            drops(steps, thread, register);
            sends(steps, thread, register);
        }
    }
    moves(steps, thread, &view);
    locks(steps, thread, &view);
}

/// clone, downgrade, upgrade, and clone of a weak handle.
fn copies(steps: &mut Steps<'_>, thread: usize, free: usize, handle: Handle) {
    let weak = steps.setting.weak;
    if let Some(object) = handle.target() {
        steps.add("clones", object, |state, _| {
            state.threads[thread].registers[free] = handle;
            state.count_up(object)
        });
        if weak {
            steps.add("downgrades", object, |state, _| {
                state.threads[thread].registers[free] = Handle::weak(object);
                state.take_share(object)
            });
        }
    }
    let waits = |object: &usize| steps.state.upgrade_waits(*object);
    if let Some(object) = handle.weak_target().filter(|object| !waits(object)) {
        steps.add("upgrades", object, |state, setting| {
            if state.upgrade(object)? {
                state.threads[thread].registers[free] = Handle::strong(object);
                check::spare_doomed(setting, state);
            }
            Ok(())
        });
    }
    // A weak handle is cloned.
    if let Some(object) = handle.weak_target() {
        steps.add("clones its weak handle to", object, |state, _| {
            state.threads[thread].registers[free] = handle;
            state.take_share(object)
        });
    }
}

/// An object of which there never was a handle is made. Its cells are empty.
fn allocations(steps: &mut Steps<'_>, thread: usize, free: usize) {
    for object in 0..steps.setting.objects {
        if steps.state.objects[object].life == Life::Unborn {
            steps.add("allocates", object, |state, _| {
                let made = &mut state.objects[object];
                made.life = Life::Alive;
                made.word.count = 1;
                made.weak = 1;
                state.threads[thread].registers[free] = Handle::strong(object);
                Ok(())
            });
        }
    }
}

fn drops(steps: &mut Steps<'_>, thread: usize, register: usize) {
    let handle = steps.state.threads[thread].registers[register];
    if let Some(object) = handle.target() {
        steps.add("drops its handle to", object, |state, setting| {
            state.threads[thread].registers[register] = Handle::NONE;
            state.begin_drop(setting, thread, object)
        });
    } else if let Some(object) = handle.weak_target() {
        steps.add("drops its weak handle to", object, |state, _| {
            state.threads[thread].registers[register] = Handle::NONE;
            state.give_share(object)
        });
    }
}

/// A handle goes to another thread: a channel, or the end of a scope.
fn sends(steps: &mut Steps<'_>, thread: usize, register: usize) {
    if !steps.setting.channels {
        return;
    }
    for (to, registers) in steps.setting.threads.iter().enumerate() {
        let other = &steps.state.threads[to].registers;
        let free = (0..registers.len()).find(|register| other[*register].is_none());
        if let Some(free) = free.filter(|_| to != thread) {
            steps.add("sends a handle to thread", to, |state, _| {
                let handle = std::mem::take(&mut state.threads[thread].registers[register]);
                state.threads[to].registers[free] = handle;
                Ok(())
            });
        }
    }
}

/// A register and a guarded cell are swapped, or a once-cell is set.
fn moves(steps: &mut Steps<'_>, thread: usize, view: &View) {
    let now = steps.state.threads[thread];
    let capacity = steps.setting.threads[thread].len();
    for &(cell, via) in &view.open {
        for register in 0..capacity {
            let from = Via::Register(register as u8);
            let handle = now.registers[register];
            if now.uses(from) || (handle.is_none() && steps.state.cells[cell].is_none()) {
                continue;
            }
            let possible = match steps.setting.kind(cell) {
                Kind::Mutex | Kind::RwLock => writes(&now, cell, via),
                Kind::Once => via != from && !handle.is_none() && steps.state.cells[cell].is_none(),
                Kind::Immutable => false,
            };
            if possible {
                steps.add("swaps a register with cell", cell, |state, _| {
                    let register = &mut state.threads[thread].registers[register];
                    std::mem::swap(register, &mut state.cells[cell]);
                    Ok(())
                });
            }
        }
    }
}

/// Whether `via` is the guard of `cell` itself, may write, and is not borrowed from.
fn writes(now: &Thread, cell: usize, via: Via) -> bool {
    let Via::Guard(number) = via else { return false };
    let guard = now.guards[usize::from(number)];
    guard.is_some_and(|guard| usize::from(guard.cell) == cell && guard.exclusive) && !now.uses(via)
}

fn locks(steps: &mut Steps<'_>, thread: usize, view: &View) {
    let now = steps.state.threads[thread];
    for number in 0..GUARDS {
        if now.guards[number].is_some() && !now.uses(Via::Guard(number as u8)) {
            steps.add("releases its guard", number, |state, _| {
                state.threads[thread].guards[number] = None;
                Ok(())
            });
        }
    }
    let free = (0..steps.setting.guards).find(|number| now.guards[*number].is_none());
    let Some(free) = free else { return };
    for &(cell, via) in &view.shut {
        for exclusive in [true, false] {
            let exists = exclusive || steps.setting.kind(cell) == Kind::RwLock;
            if exists && steps.state.mutator_can_lock(steps.setting, cell, exclusive) {
                let verb = if exclusive { "locks cell" } else { "locks for reading cell" };
                steps.add(verb, cell, |state, _| {
                    let guard = Guard { cell: cell as u8, exclusive, via };
                    state.threads[thread].guards[free] = Some(guard);
                    Ok(())
                });
            }
        }
    }
}

//! Compares everything that can be seen with what the oracle says.

use super::gc::{self, Gc, try_lock};
use super::hooks;
use super::mutator;
use super::node::Node;
use super::oracle::{Id, Panics, State};
use super::world::{World, release, with};
use super::{HOLDS, REGISTERS, SLOTS};
use crate::unraisable;
use gc_core::{Generation, UserCode};
use std::collections::BTreeSet;
use std::panic::resume_unwind;

/// Checks the whole heap between two operations.
pub(super) fn everything(when: &dyn Fn() -> String) {
    with(|w| {
        let mut found = std::mem::take(&mut w.oracle.violations);
        let counts = w.oracle.counts();
        states(w, &counts, &mut found);
        weak_handles(w, &counts, &mut found);
        let mut seen = BTreeSet::new();
        for at in 0..REGISTERS {
            if let (Some(handle), Some(id)) = (&w.registers[at], w.oracle.registers[at]) {
                graph(w, &counts, (handle, id), &mut seen, &mut found);
            }
        }
        panics(w, &mut found);
        if !found.is_empty() {
            // Not `panic!`: a thousand cases fail while the smallest is looked for.
            resume_unwind(Box::new(format!("{}: {}", when(), found.join("; "))));
        }
    });
}

/// What has no handle is dead, and nothing is half dead.
fn states(w: &World, counts: &[usize], found: &mut Vec<String>) {
    let alive: Vec<Id> = w.oracle.ids(State::Alive).collect();
    for &id in &alive {
        if counts[id] == 0 {
            found.push(format!("{id} has no handle and is alive"));
        }
    }
    for state in [State::Embryo, State::Unwrapped, State::Dropping, State::Fading] {
        found.extend(w.oracle.ids(state).map(|id| format!("{id} stays {state:?}")));
    }
    if gc::live() != alive.len() {
        found.push(format!("live() is {}, expected {}: {alive:?}", gc::live(), alive.len()));
    }
    let (frozen, expected) = (gc::frozen_count(), w.oracle.frozen());
    if frozen != expected {
        found.push(format!("frozen_count() is {frozen}, expected {expected}"));
    }
    let lost = w.oracle.lost_callbacks();
    if !lost.is_empty() {
        found.push(format!("callbacks {lost:?} did not run"));
    }
}

fn weak_handles(w: &World, counts: &[usize], found: &mut Vec<String>) {
    for (weak, id) in w.weaks.iter().zip(w.oracle.weaks) {
        let (Some(weak), Some(id)) = (weak, id) else { continue };
        let alive = w.oracle.objects[id].state == State::Alive;
        let expected = if alive { counts[id] } else { 0 };
        if weak.strong_count() != expected {
            found.push(format!(
                "a weak handle to {id} counts {}, expected {expected}",
                weak.strong_count()
            ));
        }
    }
}

/// Everything that is reachable is whole and has the right neighbours and counts.
fn graph(
    w: &World,
    counts: &[usize],
    (handle, id): (&Gc<Node>, Id),
    seen: &mut BTreeSet<Id>,
    found: &mut Vec<String>,
) {
    if !seen.insert(id) {
        return;
    }
    let object = &w.oracle.objects[id];
    if object.state != State::Alive || handle.life.id() != Some(id) {
        found.push(format!(
            "{id} is reachable and {:?}, it says {:?}",
            object.state,
            handle.life.id()
        ));
        return;
    }
    let real = (Gc::strong_count(handle), Gc::weak_count(handle), Gc::is_finalized(handle));
    let expected = (counts[id], w.oracle.weak_count(id), object.finalized);
    if real != expected {
        found.push(format!("(strong, weak, finalized) of {id}: {real:?}, expected {expected:?}"));
    }
    let Some(slots) = try_lock(&handle.slots) else {
        if !object.locked {
            found.push(format!("{id} is borrowed"));
        }
        return;
    };
    for slot in 0..SLOTS {
        match (&slots[slot], object.slots[slot]) {
            (Some(edge), Some(id)) => graph(w, counts, (&edge.to, id), seen, found),
            (None, None) => {}
            _ => found.push(format!("slot {slot} of {id} is not {:?}", object.slots[slot])),
        }
    }
}

/// No panic was lost, and none came from nowhere.
fn panics(w: &mut World, found: &mut Vec<String>) {
    for heard in unraisable::heard() {
        match heard.code {
            UserCode::Finalize => w.swallowed.finalizers += 1,
            UserCode::Callback => w.swallowed.callbacks += 1,
            UserCode::Drop => w.swallowed.drops += 1,
            _ if heard.message.as_deref() == Some(hooks::BANG) => {}
            _ => found.push(format!("swallowed {heard:?}")),
        }
    }
    let drops = w.swallowed.drops + w.propagated;
    let real = Panics { drops, ..w.swallowed };
    if real != w.oracle.panics {
        found.push(format!("panics: {real:?}, expected {:?}", w.oracle.panics));
    }
}

/// Lets everything go; what no hidden edge keeps must die, then the rest.
pub(super) fn the_end() {
    mutator::unfreeze();
    everything(&|| "after everything was unfrozen".into());
    for hold in 0..HOLDS {
        release(with(|w| w.let_go(hold)));
        everything(&|| format!("after the end of borrow {hold}"));
    }
    with(|w| w.oracle.objects.iter_mut().for_each(|object| object.armed = false));
    for at in 0..REGISTERS {
        mutator::clear(at);
        everything(&|| format!("after the last {at} was cleared"));
    }
    collect_all("at the end");
    // Those that a hidden edge keeps stay until it is gone.
    let kept: Vec<Id> = with(|w| w.oracle.ids(State::Alive).collect());
    for id in kept {
        release(with(|w| {
            let owner = Some(id).filter(|&id| w.oracle.objects[id].state == State::Alive)?;
            w.hide(owner, None)
        }));
        everything(&|| format!("after the hidden edge of {id} was taken"));
    }
    collect_all("without hidden edges");
    assert_eq!(gc::live(), 0, "something is left when nothing is reachable");
}

/// Collects until the finalizers leave nothing to do, and clears what they bring back.
fn collect_all(when: &str) {
    for _ in 0..1000 {
        mutator::collect(Generation::Old);
        everything(&|| format!("{when}, after a collection"));
        let left = with(|w| {
            !w.oracle.unreachable(2).is_empty() || w.registers.iter().any(Option::is_some)
        });
        if !left {
            return;
        }
        for at in 0..REGISTERS {
            mutator::clear(at);
        }
    }
    panic!("{when}: collections do not come to an end");
}

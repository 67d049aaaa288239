//! Does the operations to the real handles and tells the oracle.

use super::gc::{self, Gc, Weak};
use super::node::Node;
use super::oracle::{Id, Object, Outcome};
use super::world::{begin, clear as clear_world, release, with};
use super::{Action, FREEZES, Op, check, index};
use crate::unraisable;
use gc_core::{Generation, GenerationStats, Thresholds};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Carries the operations out on the heap of a new thread.
///
/// # Errors
///
/// What gc-core did that the oracle would not have, in words.
pub fn try_run(ops: &[Op]) -> Result<(), String> {
    unraisable::listen();
    let ops = ops.to_vec();
    let run = move || {
        begin();
        for (number, op) in ops.iter().enumerate() {
            execute(*op);
            check::everything(&|| format!("after operation {number}, {op:?}"));
        }
        check::the_end();
        clear_world();
    };
    let result = gc::alone(move || catch_unwind(AssertUnwindSafe(run)));
    result.map_err(|panic| match panic.downcast::<String>() {
        Ok(words) => *words,
        Err(other) => other.downcast_ref::<&str>().copied().unwrap_or("no words").to_owned(),
    })
}

/// [`try_run`], for a test.
///
/// # Panics
///
/// Panics with the error.
pub fn run(ops: &[Op]) {
    if let Err(words) = try_run(ops) {
        panic!("{words}");
    }
}

fn execute(op: Op) {
    match op {
        Op::New { to } => new(to),
        Op::NewCyclic { to } => new_cyclic(to),
        Op::NewChain { to, weak } => new_chain(to, weak),
        Op::Copy { from, to } => copy(from, to),
        Op::Clear { at } => clear(at),
        Op::Link { from, slot, to } => link(from, slot, to),
        Op::Unlink { at, slot } => unlink(at, slot),
        Op::Follow { from, slot, to } => follow(from, slot, to),
        Op::Hide { from, to } => hide(from, Some(to)),
        Op::Reveal { at } => hide(at, None),
        Op::Downgrade { from, to } => downgrade(from, to),
        Op::ForgetWeak { at } => forget_weak(at),
        Op::Upgrade { from, to } => upgrade(from, to),
        Op::StoreWeak { weak, at } => store_weak(weak, at),
        Op::Watch { at, to, action } => watch(at, to, action),
        Op::Entrust { callback, at } => entrust(callback, at),
        Op::Cancel { at } => release(with(|w| w.put_callback(at, None))),
        Op::Hold { at, to } => with(|w| w.hold(at, to)),
        Op::Release { at } => release(with(|w| w.let_go(at))),
        Op::OnFinalize { at, action } => change(at, |object| object.on_finalize = action),
        Op::OnDrop { at, action } => change(at, |object| object.on_drop = action),
        Op::Arm { at } => change(at, |object| object.armed = true),
        Op::Disarm => disarm(),
        Op::Collect(generation) => collect(generation),
        Op::Freeze => freeze(),
        Op::Unfreeze => unfreeze(),
        Op::Thresholds { young } => {
            gc::set_thresholds(Thresholds { young, middle: 2, old: 2 });
        }
        Op::Unwrap { at } => unwrap(at),
        Op::GetMut { at } => get_mut(at),
        Op::Raw { at } => raw(at),
    }
}

/// Changes what the oracle knows of the object in a register; its hooks ask there.
fn change(at: usize, f: impl FnOnce(&mut Object)) {
    with(|w| {
        if let Some(id) = w.oracle.registers[at] {
            f(&mut w.oracle.objects[id]);
        }
    });
}

/// Whatever is alive is frozen now, but not too often.
fn freeze() {
    let freezes = with(|w| {
        w.freezes += 1;
        w.freezes
    });
    if freezes <= FREEZES {
        gc::freeze();
        with(|w| w.oracle.freeze());
    }
}

/// Nothing is frozen any more.
pub(super) fn unfreeze() {
    gc::unfreeze();
    with(|w| w.oracle.unfreeze());
}

// ----- new objects -----------------------------------------------------------

/// A new object in a register.
pub(super) fn new(to: usize) {
    let made = make(None);
    release(with(|w| {
        w.oracle.stack.pop();
        w.put(to, Some(made))
    }));
}

fn new_cyclic(to: usize) {
    let (id, handle) = make(Some(|weak: &Weak<Node>, id| {
        assert!(weak.upgrade().is_none(), "a weak handle worked before its object was there");
        let node = Node::new(id);
        node.weak.set(Some(weak.clone()));
        node
    }));
    release(with(|w| {
        w.oracle.stack.pop();
        w.oracle.objects[id].weak = Some(id);
        w.put(to, Some((id, handle)))
    }));
}

/// A chain whose last object has two neighbours; the finalizer of the first looks
/// for the second.
fn new_chain(to: usize, weak: usize) {
    const LENGTH: usize = 10;
    let first = make(None);
    let second = make(None);
    drop(with(|w| {
        w.oracle.objects[first.0].on_finalize = Action::Upgrade { from: weak, to: 0 };
        w.oracle.weaks[weak] = Some(second.0);
        w.weaks[weak].replace(Gc::downgrade(&second.1))
    }));
    let mut below = vec![first, second];
    for _ in 0..LENGTH {
        let (id, handle) = make(None);
        with(|w| {
            for (slot, named) in below.drain(..).enumerate() {
                w.oracle.stack.retain(|&other| other != named.0);
                let empty = w.put_slot(id, slot, Some(named));
                assert!(empty.is_none());
            }
        });
        below.push((id, handle));
    }
    release(with(|w| {
        w.oracle.stack.pop();
        w.put(to, below.pop())
    }));
}

/// A new object, whose handle the oracle has on its stack. An automatic
/// collection may run.
pub(super) fn make(cyclic: Option<fn(&Weak<Node>, Id) -> Node>) -> (Id, Gc<Node>) {
    let id = with(|w| w.oracle.embryo());
    let before = begin_collection(None);
    let handle = match cyclic {
        None => Gc::new(Node::new(id)),
        Some(make) => Gc::new_cyclic(|weak| make(weak, id)),
    };
    with(|w| w.born(id, &handle));
    end_collection(before, None);
    (id, handle)
}

// ----- handles ---------------------------------------------------------------

fn copy(from: usize, to: usize) {
    release(with(|w| {
        let new = w.copy(from)?;
        w.put(to, Some(new))
    }));
}

/// Drops a handle.
pub(super) fn clear(at: usize) {
    release(with(|w| w.put(at, None)));
}

fn link(from: usize, slot: usize, to: usize) {
    release(with(|w| {
        let owner = w.open(from)?;
        let new = w.copy(to)?;
        w.put_slot(owner, slot, Some(new))
    }));
}

fn unlink(at: usize, slot: usize) {
    release(with(|w| {
        let owner = w.open(at)?;
        w.put_slot(owner, slot, None)
    }));
}

fn follow(from: usize, slot: usize, to: usize) {
    release(with(|w| {
        let new = w.copy_slot(w.oracle.registers[from]?, slot)?;
        w.put(to, Some(new))
    }));
}

fn hide(from: usize, to: Option<usize>) {
    release(with(|w| {
        let owner = w.oracle.registers[from]?;
        let new = to.and_then(|to| w.copy(to));
        w.hide(owner, new)
    }));
}

fn unwrap(at: usize) {
    let Some((id, handle)) = with(|w| {
        let id = w.oracle.registers[at]?;
        w.oracle.stack.push(id);
        Some((id, w.put(at, None)?))
    }) else {
        return;
    };
    let sole = with(|w| {
        let sole = w.oracle.count(id) == 1;
        w.oracle.unwrap(id, sole);
        sole
    });
    match Gc::try_unwrap(handle) {
        Ok(value) => {
            with(|w| w.oracle.stack.pop());
            assert!(sole, "{id} was unwrapped although it was shared");
            release(value);
        }
        Err(handle) => {
            assert!(!sole, "{id} was not unwrapped although there is one handle");
            release(with(|w| {
                w.oracle.stack.pop();
                w.put(at, Some((id, handle)))
            }));
        }
    }
}

fn get_mut(at: usize) {
    with(|w| {
        let Some(id) = w.oracle.registers[at] else { return };
        let sole = w.oracle.count(id) == 1 && w.oracle.weak_count(id) == 0;
        let got = w.registers[at].as_mut().and_then(Gc::get_mut);
        assert_eq!(got.is_some(), sole, "get_mut of {id}");
    });
}

fn raw(at: usize) {
    let Some((id, handle)) = with(|w| Some((w.oracle.registers[at]?, w.registers[at].take()?)))
    else {
        return;
    };
    let raw = Gc::into_raw(handle);
    with(|w| {
        assert_eq!(raw, w.addresses[id], "the address of {id} changed");
        // SAFETY: the pointer comes from `into_raw` just above.
        w.registers[at] = Some(unsafe { Gc::from_raw(raw) });
    });
}

// ----- weak handles ----------------------------------------------------------

fn downgrade(from: usize, to: usize) {
    drop(with(|w| {
        let id = w.oracle.registers[from]?;
        w.oracle.weaks[to] = Some(id);
        let new = Gc::downgrade(&w.peek(id));
        w.weaks[to].replace(new)
    }));
}

fn forget_weak(at: usize) {
    drop(with(|w| {
        w.oracle.weaks[at] = None;
        w.weaks[at].take()
    }));
}

fn watch(at: usize, to: usize, action: Action) {
    release(with(|w| {
        let id = w.oracle.registers[at]?;
        let new = w.watch(id, &w.peek(id), action);
        w.put_callback(to, Some(new))
    }));
}

/// A handle from a weak one.
pub(super) fn upgrade(from: usize, to: usize) {
    release(with(|w| {
        let id = w.oracle.weaks[from]?;
        let new = w.weaks[from].as_ref()?.upgrade();
        if w.oracle.is_alive(id).is_some_and(|alive| alive != new.is_some()) {
            w.oracle.violation(format!("upgrade of {id} gave a handle: {}", new.is_some()));
        }
        w.put(to, Some((id, new?)))
    }));
}

fn store_weak(weak: usize, at: usize) {
    drop(with(|w| {
        let owner = w.oracle.registers[at]?;
        let new = w.weaks[weak].clone();
        w.oracle.objects[owner].weak = w.oracle.weaks[weak];
        w.peek(owner).weak.replace(new)
    }));
}

fn entrust(callback: usize, at: usize) {
    release(with(|w| {
        let owner = w.oracle.registers[at]?;
        let number = w.oracle.callback_registers[callback].take()?;
        let new = w.callbacks[callback].take()?;
        if let Some(old) = w.oracle.objects[owner].callback.replace(number) {
            w.oracle.callbacks[old].cancelled = true;
        }
        w.peek(owner).callback.replace(Some(new))
    }));
}

// ----- collections -----------------------------------------------------------

fn disarm() {
    with(|w| {
        for object in &mut w.oracle.objects {
            object.armed = false;
        }
    });
}

/// A collection, which must be empty where one is running.
pub(super) fn collect(generation: Generation) {
    let nested = with(|w| w.oracle.collecting());
    let before = begin_collection(Some(generation));
    let report = match generation {
        Generation::Old => gc::collect(),
        younger => gc::collect_generation(younger),
    };
    let sums = [report.candidates, report.visited, report.collected, report.resurrected];
    if nested && sums != [0; 4] {
        with(|w| w.oracle.violation(format!("a collection inside a collection: {report:?}")));
    }
    end_collection(before, Some(generation).filter(|_| !nested));
}

fn begin_collection(generation: Option<Generation>) -> [GenerationStats; 3] {
    with(|w| {
        w.read_generations();
        w.oracle.begin_collection(generation.map(index));
    });
    gc::stats()
}

/// Tells the oracle which collection ran, by the statistics; `expected` must have.
fn end_collection(before: [GenerationStats; 3], expected: Option<Generation>) {
    let after = gc::stats();
    let ran = |at: usize| after[at].collections - before[at].collections;
    let outcome = |at: usize| Outcome {
        generation: at,
        collected: after[at].collected - before[at].collected,
        resurrected: after[at].resurrected - before[at].resurrected,
        uncollectable: after[at].uncollectable - before[at].uncollectable,
    };
    with(|w| {
        let runs: Vec<usize> = (0..3).filter(|&at| ran(at) > 0).collect();
        let at_most_one = runs.iter().map(|&at| ran(at)).sum::<usize>() <= 1;
        let as_expected = expected.is_none_or(|generation| runs == [index(generation)]);
        if !at_most_one || !as_expected {
            w.oracle.violation(format!("collections ran: {runs:?}, expected {expected:?}"));
        }
        w.oracle.end_collection(runs.first().map(|&at| outcome(at)));
    });
}

//! What the collector calls: each asks the oracle, then does what a test wants.

use super::gc::Gc;
use super::mutator;
use super::node::Node;
use super::oracle::Id;
use super::world::{Named, Tag, World, release, with};
use super::{Action, SLOTS};
use gc_core::{Finalizing, Trace};

/// What the panics carry.
pub(super) const BANG: &str = "deliberate";

/// A leaf that reports the drop of the value it is in.
#[derive(Trace)]
#[trace(leaf)]
pub(super) struct Life(Tag);

impl Life {
    pub(super) fn new(id: Id) -> Life {
        Life(Tag::new(id))
    }

    /// The number of the object, if it is of this run.
    pub(super) fn id(&self) -> Option<Id> {
        self.0.ours()
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        let Some(id) = self.id() else { return };
        let action = with(|w| {
            let action = w.oracle.begin_drop(id);
            no_weak_handle_works(w, id, "its destructor");
            action
        });
        act(action, None);
        with(|w| w.oracle.end_drop(id));
        if action.panics() {
            with(|w| w.oracle.panics.drops += 1);
            crate::bang(BANG);
        }
    }
}

/// A handle in an object is about to be dropped, by the object's end or by a change.
pub(super) fn edge_dropped(owner: Tag, slot: usize) {
    let Some(owner) = owner.ours() else { return };
    with(|w| w.oracle.edge_dropped(owner, slot));
}

/// All of a value has been dropped.
pub(super) fn ended(id: Tag) {
    let Some(id) = id.ours() else { return };
    with(|w| w.oracle.ended(id));
}

/// A finalizer is called.
pub(super) fn finalized(node: &Node, cx: &Finalizing<'_>) {
    let Some(id) = node.life.id() else { return };
    let action = with(|w| {
        weak_handles_work(w, id);
        w.oracle.begin_finalizer(id)
    });
    act(action, Some((id, cx)));
    with(|w| w.oracle.end_finalizer());
    if action.panics() {
        with(|w| w.oracle.panics.finalizers += 1);
        crate::bang(BANG);
    }
}

/// A weak callback is called.
pub(super) fn called(number: Tag) {
    let Some(number) = number.ours() else { return };
    let action = with(|w| {
        let target = w.oracle.callbacks[number].target;
        no_weak_handle_works(w, target, "its callback");
        let action = w.oracle.begin_callback(number);
        for other in w.oracle.doomed_for_sure() {
            no_weak_handle_works(w, other, "a callback of the same garbage");
        }
        action
    });
    act(action, None);
    if action.panics() {
        with(|w| w.oracle.panics.callbacks += 1);
        crate::bang(BANG);
    }
}

/// `trace` is called.
pub(super) fn traced(id: Tag) {
    let Some(id) = id.ours() else { return };
    if with(|w| w.oracle.traced(id)) {
        crate::bang(BANG);
    }
}

fn weak_handles_work(w: &mut World, id: Id) {
    for (at, weak) in w.weaks.iter().enumerate() {
        if w.oracle.weaks[at] == Some(id) && weak.as_ref().is_some_and(|w| w.strong_count() == 0) {
            w.oracle.violation(format!("a weak handle to {id} was dead in its finalizer"));
            return;
        }
    }
}

fn no_weak_handle_works(w: &mut World, id: Id, when: &str) {
    for (at, weak) in w.weaks.iter().enumerate() {
        // The clone of a living object would be dropped with the world borrowed.
        if w.oracle.weaks[at] == Some(id) && weak.as_ref().is_some_and(|w| w.strong_count() > 0) {
            w.oracle.violation(format!("a weak handle to {id} worked in {when}"));
            return;
        }
    }
}

/// Does an action, for the object whose finalizer runs if there is one.
fn act(action: Action, itself: Option<(Id, &Finalizing<'_>)>) {
    let me = |_: &mut World| -> Named {
        let (id, cx) = itself?;
        Some((id, cx.handle::<Node, _>().expect("the whole value is a Node")))
    };
    match action {
        Action::Nothing | Action::Panic => {}
        Action::Resurrect { to } if itself.is_some() => release(with(|w| {
            let new = me(w);
            w.put(to, new)
        })),
        Action::ResurrectEdge { slot, to } => release(with(|w| {
            let new = w.copy_slot(itself?.0, slot)?;
            w.put(to, Some(new))
        })),
        Action::Cut { slot } => release(with(|w| w.put_slot(itself?.0, slot, None))),
        Action::Tie { slot, to } => release(with(|w| {
            let (owner, _) = itself?;
            let new = w.copy(to)?;
            w.put_slot(owner, slot, Some(new))
        })),
        Action::Adopt { by, slot } => release(with(|w| {
            let by = w.open(by)?;
            let new = me(w)?;
            w.put_slot(by, slot, Some(new))
        })),
        Action::Nest { slot } if itself.is_some() => {
            let (id, handle) = mutator::make(None);
            release(with(|w| {
                w.oracle.stack.pop();
                let back = me(w);
                let empty = w.put_slot(id, 0, back);
                assert!(empty.is_none());
                w.put_slot(itself?.0, slot, Some((id, handle)))
            }));
        }
        Action::Downgrade { to } => downgrade_itself(itself, to),
        Action::Watch { to } => watch_itself(itself, to),
        Action::New { to } => mutator::new(to),
        Action::NewGarbage => new_garbage(),
        Action::Clear { at } | Action::ClearAndPanic { at } => mutator::clear(at),
        Action::Upgrade { from, to } => mutator::upgrade(from, to),
        Action::Cancel { at } => release(with(|w| w.put_callback(at, None))),
        Action::Collect(generation) => mutator::collect(generation),
        Action::Resurrect { .. } | Action::Nest { .. } => {}
    }
}

/// A weak handle to the dying object, by way of a handle that is dropped at once.
fn downgrade_itself(itself: Option<(Id, &Finalizing<'_>)>, to: usize) {
    let Some((id, cx)) = itself else { return };
    let handle: Gc<Node> = cx.handle().expect("the whole value is a Node");
    let old = with(|w| {
        w.oracle.stack.push(id);
        w.oracle.weaks[to] = Some(id);
        w.weaks[to].replace(Gc::downgrade(&handle))
    });
    drop(old);
    with(|w| w.oracle.stack.pop());
    release(handle);
}

/// A weak callback for the dying object, made in its finalizer.
fn watch_itself(itself: Option<(Id, &Finalizing<'_>)>, to: usize) {
    let Some((id, cx)) = itself else { return };
    let handle: Gc<Node> = cx.handle().expect("the whole value is a Node");
    let old = with(|w| {
        w.oracle.stack.push(id);
        let new = w.watch(id, &handle, Action::Nothing);
        w.put_callback(to, Some(new))
    });
    release(old);
    with(|w| w.oracle.stack.pop());
    release(handle);
}

/// A new object that refers to itself in every slot, and that nothing else refers to.
fn new_garbage() {
    let (id, handle) = mutator::make(None);
    with(|w| {
        for slot in 0..SLOTS {
            let empty = w.put_slot(id, slot, Some((id, handle.clone())));
            assert!(empty.is_none());
        }
        w.oracle.stack.pop();
    });
    release(handle);
}

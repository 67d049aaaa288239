//! What is told of collections, and to whom.

use crate::heap::{Heap, Hook, HookList, Phase, Report, Space, Store};
use crate::unraisable::{UserCode, guarded};

/// The hooks that hear of one collection: those that were there when it began.
#[must_use]
pub(super) struct Listeners(HookList);

impl Listeners {
    /// Where nobody is to hear of it.
    pub(super) const NONE: Listeners = Listeners(None);

    /// Tells of a collection that is about to begin. `None`, and nobody hears of anything, if the
    /// caller does not `wait` for its turn and another thread has that.
    pub(super) fn start<S: Space>(
        heap: &Heap<S>,
        report: &Report,
        wait: bool,
    ) -> Option<Listeners> {
        let listeners = Listeners(heap.store.with_extras(|extras| extras.hooks.list()));
        // They are user code, and so come before the turn is taken: then another thread may have it
        // after all, which is seldom.
        if listeners.0.is_some() && !wait && !heap.store.is_turn_free() {
            heap.store.put_off();
            drop_hooks(listeners.0);
            return None;
        }
        listeners.tell(heap, Phase::Start, report);
        Some(listeners)
    }

    /// Tells of its end.
    pub(super) fn stop<S: Space>(self, heap: &Heap<S>, report: &Report) {
        self.tell(heap, Phase::Stop, report);
        drop_hooks(self.0);
    }

    fn tell<S: Space>(&self, heap: &Heap<S>, phase: Phase, report: &Report) {
        for hook in self.0.iter().flat_map(|list| list.iter()) {
            // One before it may have taken it out.
            if heap.store.with_extras(|extras| extras.hooks.has(hook)) {
                guarded(UserCode::Hook, || hook.type_name, || (hook.f)(phase, report));
            }
        }
    }
}

/// Enters a hook, and gives its number.
pub(crate) fn add_hook<S: Space>(heap: &Heap<S>, hook: Hook) -> u64 {
    // The end of the thread takes out what is left by then.
    heap.store.arm();
    let (id, old) = heap.store.with_extras(|extras| extras.hooks.add(hook));
    drop_hooks(old);
    id
}

/// Takes a hook out.
pub(crate) fn remove_hook<S: Space>(heap: &Heap<S>, id: u64) {
    drop_hooks(heap.store.with_extras(|extras| extras.hooks.remove(id)));
}

/// Takes all out, when the heap's thread ends.
pub(super) fn clear_hooks<S: Space>(heap: &Heap<S>) {
    drop_hooks(heap.store.with_extras(|extras| extras.hooks.clear()));
}

/// Drops a list of hooks that may be the last to hold them.
fn drop_hooks(list: HookList) {
    if list.is_some() {
        guarded(UserCode::Drop, || "a hook on collections", || drop(list));
    }
}

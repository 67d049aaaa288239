//! Who hears of collections.

use super::figures::Report;
use std::any::type_name;
use std::sync::Arc;

/// When a hook is called, see [`on_collect`](crate::unsync::on_collect). Python calls these
/// `"start"` and `"stop"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// A collection is about to begin.
    Start,
    /// It is over.
    Stop,
}

/// In `sync` only such functions get here as are `Send` and `Sync` (`Admits`).
type HookFn = dyn Fn(Phase, &Report);

/// One who hears of collections.
#[derive(Clone)]
pub(crate) struct Hook {
    id: u64,
    /// The type of `f`, for reports.
    pub(crate) type_name: &'static str,
    pub(crate) f: Arc<HookFn>,
}

impl Hook {
    /// One that is not entered yet.
    #[allow(clippy::arc_with_non_send_sync, reason = "one type for both kinds of heap")]
    pub(crate) fn new<F: Fn(Phase, &Report) + 'static>(f: F) -> Hook {
        Hook { id: 0, type_name: type_name::<F>(), f: Arc::new(f) }
    }
}

/// A list of hooks as it was at some moment. To drop the last one may drop hooks, which are user
/// code.
pub(crate) type HookList = Option<Arc<[Hook]>>;

/// The hooks of one heap, in the order in which they were entered. A change makes a new list, so
/// that whoever calls those of the old one needs neither a lock nor memory.
pub(crate) struct Hooks {
    list: HookList,
    next: u64,
}

impl Hooks {
    pub(super) const fn new() -> Self {
        Hooks { list: None, next: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.list.as_ref().map_or(0, |list| list.len())
    }

    /// The list as it is now.
    pub(crate) fn list(&self) -> HookList {
        self.list.clone()
    }

    /// Whether a hook of an older list is still in this one.
    pub(crate) fn has(&self, hook: &Hook) -> bool {
        self.list.iter().any(|list| list.iter().any(|other| other.id == hook.id))
    }

    /// Enters a hook; gives its number, and the old list for the caller to drop.
    pub(crate) fn add(&mut self, hook: Hook) -> (u64, HookList) {
        let id = self.next;
        self.next += 1;
        let old = self.list.iter().flat_map(|list| list.iter().cloned());
        let new = old.chain([Hook { id, ..hook }]).collect();
        (id, self.list.replace(new))
    }

    /// Takes a hook out; gives the old list, for the caller to drop.
    pub(crate) fn remove(&mut self, id: u64) -> HookList {
        let list = self.list.as_ref()?;
        let new: Arc<[Hook]> = list.iter().filter(|hook| hook.id != id).cloned().collect();
        std::mem::replace(&mut self.list, Some(new).filter(|list| !list.is_empty()))
    }

    /// Takes all out, for the caller to drop.
    pub(crate) fn clear(&mut self) -> HookList {
        self.list.take()
    }
}

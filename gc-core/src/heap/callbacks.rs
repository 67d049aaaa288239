//! The callbacks of weak handles, by the object that they watch.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound::Included;
use std::ptr::NonNull;

/// What runs when an object is dead.
pub(crate) type Callback = Box<dyn FnOnce()>;

/// All callbacks of a heap. Numbers grow with time, so that an object's are in order.
pub struct Callbacks {
    by_object: BTreeMap<(usize, u64), Callback>,
    next: u64,
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_object.keys()).finish()
    }
}

impl Callbacks {
    pub(super) const fn new() -> Self {
        Callbacks { by_object: BTreeMap::new(), next: 0 }
    }

    /// Enters a callback and gives its number.
    pub(super) fn add(&mut self, watched: NonNull<()>, callback: Callback) -> u64 {
        let id = self.next;
        self.next += 1;
        self.by_object.insert((watched.addr().get(), id), callback);
        id
    }

    /// Gives back the memory of an empty table.
    pub(super) fn give_back_memory(&mut self) {
        if self.by_object.is_empty() {
            self.by_object = BTreeMap::new();
        }
    }

    /// Takes one out, if it has not run.
    pub(super) fn remove(&mut self, watched: NonNull<()>, id: u64) -> Option<Callback> {
        self.by_object.remove(&(watched.addr().get(), id))
    }

    /// Takes an object's newest out.
    pub(super) fn pop_newest(&mut self, watched: NonNull<()>) -> Option<Callback> {
        let address = watched.addr().get();
        let all = (Included((address, 0)), Included((address, u64::MAX)));
        let (&key, _) = self.by_object.range(all).next_back()?;
        self.by_object.remove(&key)
    }
}

//! Finalizers that are to run before the program or the thread ends: those of Python's
//! `weakref.finalize`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A finalizer that somebody else may call first.
pub(crate) trait AtExit {
    /// Calls it, unless that has been done, even if the exit is over; a panic goes to the hook.
    fn call_at_exit(&self);
}

/// The finalizers of one heap that are to run at exit.
pub(crate) struct Exits {
    /// By the number of the callback, which grows with time.
    waiting: BTreeMap<u64, Arc<dyn AtExit>>,
    /// How many want to be told of the exit.
    guards: usize,
    /// The exit is over: no finalizer runs any more.
    over: bool,
}

impl Exits {
    pub(super) const fn new() -> Self {
        Exits { waiting: BTreeMap::new(), guards: 0, over: false }
    }

    /// Enters a finalizer. What comes back is for the caller to drop.
    #[must_use]
    pub(crate) fn add(&mut self, number: u64, exit: Arc<dyn AtExit>) -> Option<Arc<dyn AtExit>> {
        self.waiting.insert(number, exit)
    }

    /// Takes a finalizer out, for the caller to drop.
    #[must_use]
    pub(crate) fn remove(&mut self, number: u64) -> Option<Arc<dyn AtExit>> {
        let removed = self.waiting.remove(&number);
        if self.waiting.is_empty() {
            // A thread that ends leaves no table behind.
            self.waiting = BTreeMap::new();
        }
        removed
    }

    pub(crate) fn contains(&self, number: u64) -> bool {
        self.waiting.contains_key(&number)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// One more guard. If the exit was over, it is to come again.
    pub(crate) fn add_guard(&mut self) {
        self.guards += 1;
        self.over = false;
    }

    /// One guard less; `true` if it was the last, and the exit is now.
    pub(crate) fn remove_guard(&mut self) -> bool {
        self.guards -= 1;
        self.guards == 0
    }

    /// Takes out the newest that is to run next; when there is none, the exit is over.
    pub(crate) fn next(&mut self) -> Option<Arc<dyn AtExit>> {
        let newest = self.waiting.pop_last().map(|(_, exit)| exit);
        self.over = newest.is_none();
        newest
    }
}

impl fmt::Debug for Exits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exits")
            .field("waiting", &self.waiting.keys())
            .field("guards", &self.guards)
            .field("over", &self.over)
            .finish()
    }
}

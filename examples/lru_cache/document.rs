//! What is cached: pages of books.

use gc_core::Trace;
use gc_core::sync::{ExternalMemory, Gc};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How many bytes a page has.
const SIZE: usize = 4096;

/// Which page of which book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Trace)]
pub(crate) struct PageId {
    pub(crate) book: u32,
    pub(crate) page: u32,
}

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.book, self.page)
    }
}

/// A page knows the other pages of its book that were there when it was loaded, and they it.
#[derive(Trace)]
pub(crate) struct Page {
    content: Vec<u8>,
    /// How large the content is, for the collector: it counts objects, and these are few and large.
    memory: ExternalMemory,
    others: Mutex<Vec<Gc<Page>>>,
    entry: Entry,
}

/// The page's line in the ledger.
///
/// A leaf with a `Drop`, which runs when the page is gone, and not a hook of the page's
/// (`Finalize`): while the hooks of a cycle run, another thread may find a page of it in the map.
/// Then it lives on, and its hook has run.
#[derive(Trace)]
#[trace(leaf)]
struct Entry {
    id: PageId,
    ledger: Arc<Ledger>,
}

impl Page {
    /// Stands for what takes its time: reading a file, decoding an image.
    pub(crate) fn load(id: PageId, ledger: &Arc<Ledger>) -> Gc<Page> {
        ledger.loaded.fetch_add(1, Ordering::Relaxed);
        let content = vec![id.page as u8; SIZE];
        let memory = ExternalMemory::new(content.len());
        let entry = Entry { id, ledger: ledger.clone() };
        Gc::new(Page { content, memory, others: Mutex::default(), entry })
    }

    pub(crate) fn id(&self) -> PageId {
        self.entry.id
    }

    pub(crate) fn size(&self) -> usize {
        debug_assert_eq!(self.memory.bytes(), self.content.len());
        self.content.len()
    }

    /// Each page from now on holds the other: a cycle.
    pub(crate) fn link(one: &Gc<Page>, other: &Gc<Page>) {
        for (from, to) in [(one, other), (other, one)] {
            from.others.lock().unwrap_or_else(PoisonError::into_inner).push(to.clone());
        }
    }
}

impl Drop for Entry {
    /// On any thread, and under whatever locks that holds. So the ledger's lock is never held over
    /// anything but a push and a take.
    fn drop(&mut self) {
        self.ledger.vanished.fetch_add(1, Ordering::Relaxed);
        if let Some(names) = &mut *self.ledger.names() {
            names.push(self.id);
        }
    }
}

/// Who came and went.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) loaded: AtomicUsize,
    pub(crate) vanished: AtomicUsize,
    /// Who has gone since the last look, where that is kept.
    names: Mutex<Option<Vec<PageId>>>,
}

impl Ledger {
    pub(crate) fn with_names() -> Self {
        Ledger { names: Mutex::new(Some(Vec::new())), ..Ledger::default() }
    }

    /// Who has gone since the last call.
    pub(crate) fn gone(&self) -> Vec<PageId> {
        let mut gone = self.names().as_mut().map(std::mem::take).unwrap_or_default();
        gone.sort_unstable();
        gone
    }

    fn names(&self) -> std::sync::MutexGuard<'_, Option<Vec<PageId>>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

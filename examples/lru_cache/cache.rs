//! A cache that keeps what is recent, and knows what is in use.

use crate::document::{Ledger, Page, PageId};
use gc_core::sync::{Gc, WeakValueMap};
use lru::LruCache;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

/// Pages, for any number of threads.
///
/// The recent ones are held. All that are in memory, because somebody uses them or because the
/// collector has not come by yet, can be found: there are never two of a page.
pub(crate) struct Cache {
    /// Takes out what dies by itself.
    pages: WeakValueMap<PageId, Page>,
    recent: Mutex<LruCache<PageId, Gc<Page>>>,
    pages_of_a_book: u32,
    ledger: Arc<Ledger>,
}

/// Where a page was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Among those that the cache holds.
    Recent,
    /// In memory, as something else holds it, or has held it.
    InUse,
    /// Nowhere: it was loaded.
    Loaded,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Found::Recent => "a hit: recent",
            Found::InUse => "a hit: still in memory",
            Found::Loaded => "a miss: loaded",
        })
    }
}

impl Cache {
    pub(crate) fn new(recent: NonZeroUsize, pages_of_a_book: u32, ledger: Arc<Ledger>) -> Self {
        let recent = Mutex::new(LruCache::new(recent));
        Cache { pages: WeakValueMap::new(), recent, pages_of_a_book, ledger }
    }

    /// The page, which is now the most recent one.
    pub(crate) fn get(&self, id: PageId) -> (Gc<Page>, Found) {
        if let Some(page) = self.lock().get(&id) {
            return (page.clone(), Found::Recent);
        }
        // Made with no lock held: loading takes time, and `Gc::new` may collect, which ends
        // other pages. Of two threads that load the same page, the map takes one.
        let mut found = Found::InUse;
        let page = self.pages.get_or_insert_with(id, || {
            found = Found::Loaded;
            Page::load(id, &self.ledger)
        });
        if found == Found::Loaded {
            self.link(&page);
        }
        // What falls out is dropped when the lock is free again: it may be the last handle.
        let _fallen = self.lock().push(id, page.clone());
        (page, found)
    }

    /// Makes a page known to the other pages of its book that are in memory.
    fn link(&self, page: &Gc<Page>) {
        let PageId { book, page: own } = page.id();
        let others = (0..self.pages_of_a_book).filter(|&other| other != own);
        for other in others.filter_map(|page| self.pages.get(&PageId { book, page })) {
            Page::link(page, &other);
        }
    }

    /// How many pages can be found.
    pub(crate) fn in_memory(&self) -> usize {
        self.pages.len()
    }

    /// How many pages are held.
    pub(crate) fn recent(&self) -> usize {
        self.lock().len()
    }

    /// Lets go of all that it holds.
    pub(crate) fn forget(&self) {
        let mut none = LruCache::new(self.lock().cap());
        std::mem::swap(&mut *self.lock(), &mut none);
        // The handles are dropped here, with the lock free.
        drop(none);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LruCache<PageId, Gc<Page>>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

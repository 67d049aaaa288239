//! The cache: the pages that were asked for last.

use crate::account::Account;
use crate::lock;
use crate::model::{Entry, PageId};
use gc_core::sync::Gc;
use lru::LruCache;
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

/// How many pages it holds.
pub(crate) const CAPACITY: NonZeroUsize = NonZeroUsize::new(200).unwrap();

/// How many lines a page has.
const LINES: u32 = 40;

/// A root: it is not itself an object of the collector's, so what it holds is alive.
pub(crate) struct Cache {
    entries: Mutex<LruCache<PageId, Gc<Entry>>>,
    account: Arc<Account>,
}

impl Cache {
    pub(crate) fn new(account: Arc<Account>) -> Self {
        Cache { entries: Mutex::new(LruCache::new(CAPACITY)), account }
    }

    /// The page from the cache, or anew.
    ///
    /// No lock is held while the page is made (which may run a collection) or while what it displaces
    /// is dropped (which may run finalizers). So two requests may make the same page, of
    /// which one is used and the other dies at once.
    pub(crate) fn get(&self, page: PageId) -> Gc<Entry> {
        if let Some(entry) = lock::lock(&self.entries).get(&page) {
            return entry.clone();
        }
        let made = Entry::new(page, render(page), &self.account);
        let mut entries = lock::lock(&self.entries);
        if let Some(entry) = entries.get(&page).cloned() {
            drop(entries);
            return entry;
        }
        let evicted = entries.push(page, made.clone());
        drop(entries);
        if let Some((_, evicted)) = evicted {
            // It lives on while somebody's history holds it.
            evicted.retire();
        }
        made
    }
}

/// What stands on a page: what a real service would fetch from a database.
fn render(page: PageId) -> String {
    let mut body = String::with_capacity(64 * LINES as usize);
    for line in 0..LINES {
        let number = (page.0 ^ line).wrapping_mul(2_654_435_761);
        // Writing to a `String` cannot fail.
        let _ = writeln!(body, "page {page}, line {line:2}: {number:032b}");
    }
    body
}

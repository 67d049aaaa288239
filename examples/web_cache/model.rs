//! The objects: pages in the cache, sessions, and the requests that tie them together.

use crate::account::Account;
use crate::lock;
use gc_core::sync::Gc;
use gc_core::{Finalize, Finalizing, Trace};
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};

/// How many readers a page remembers.
pub(crate) const READERS: usize = 4;

/// How many requests a session remembers.
pub(crate) const HISTORY: usize = 8;

/// The number of a page.
#[derive(Trace, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PageId(pub(crate) u32);

/// The number of a session, which its visitor shows with each request.
#[derive(Trace, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionId(pub(crate) usize);

/// A page in the cache. It knows who read it last.
///
/// Once it is out of the cache it forgets them, although the requests that it answered still
/// hold it. A collector frees what nobody can reach; what should be out of reach is
/// for the program to say. If old pages kept their readers, then from any page one could go on to its
/// readers, to what they read before, to the readers of that, back to the first visitor there was.
#[derive(Trace)]
#[trace(finalize)]
pub(crate) struct Entry {
    page: PageId,
    body: String,
    /// The latest ones at the end; `None` once it is out of the cache. Those who ask for
    /// related pages only read it, hence no `Mutex`.
    readers: RwLock<Option<VecDeque<Gc<Session>>>>,
    /// Where the size of the body is booked. Not an object of the collector's.
    #[trace(skip)]
    account: Arc<Account>,
}

impl Entry {
    /// A page with this body, which is booked until the entry dies.
    pub(crate) fn new(page: PageId, body: String, account: &Arc<Account>) -> Gc<Self> {
        account.book(body.len());
        let readers = RwLock::new(Some(VecDeque::new()));
        Gc::new(Entry { page, body, readers, account: account.clone() })
    }

    pub(crate) fn page(&self) -> PageId {
        self.page
    }

    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    /// Remembers that `session` has read this page.
    pub(crate) fn note_reader(&self, session: &Gc<Session>) {
        let mut lock = lock::write(&self.readers);
        let Some(readers) = &mut *lock else { return };
        if readers.iter().any(|reader| Gc::ptr_eq(reader, session)) {
            return;
        }
        let forgotten = if readers.len() < READERS { None } else { readers.pop_front() };
        readers.push_back(session.clone());
        // If this was the last handle, a session dies here, and its history and what that holds.
        // None of it needs the lock, so it is let go first.
        drop(lock);
        drop(forgotten);
    }

    /// Forgets the readers for good: the page is out of the cache.
    pub(crate) fn retire(&self) {
        let readers = lock::write(&self.readers).take();
        drop(readers);
    }

    /// Who has read this page, as far as it remembers.
    pub(crate) fn readers(&self) -> Vec<Gc<Session>> {
        lock::read(&self.readers).iter().flatten().cloned().collect()
    }
}

impl Finalize for Entry {
    /// Runs once, whether the entry dies by count or in a cycle, on whatever thread that happens.
    fn finalize(&self, _: &Finalizing<'_>) {
        self.account.release(self.body.len());
    }
}

/// A visitor, from signing in on. It knows its latest requests.
#[derive(Trace)]
pub(crate) struct Session {
    id: SessionId,
    signed_out: AtomicBool,
    history: Mutex<VecDeque<Gc<Request>>>,
}

impl Session {
    pub(crate) fn new(id: SessionId) -> Gc<Self> {
        let history = Mutex::default();
        Gc::new(Session { id, signed_out: AtomicBool::new(false), history })
    }

    pub(crate) fn id(&self) -> SessionId {
        self.id
    }

    pub(crate) fn sign_out(&self) {
        // Relaxed: nothing else is read on account of it.
        self.signed_out.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_signed_out(&self) -> bool {
        // Relaxed: see `sign_out`.
        self.signed_out.load(Ordering::Relaxed)
    }

    /// Adds a request to the history, and takes the oldest one out if it is full.
    fn remember(&self, request: Gc<Request>) {
        let mut history = lock::lock(&self.history);
        let forgotten = if history.len() < HISTORY { None } else { history.pop_front() };
        history.push_back(request);
        drop(history);
        drop(forgotten);
    }

    /// The latest requests, the newest at the end.
    pub(crate) fn history(&self) -> Vec<Gc<Request>> {
        lock::lock(&self.history).iter().cloned().collect()
    }
}

/// The context of one request: who asked for what.
///
/// With this every cycle is closed: a session holds its requests, a request its session; and a
/// page its reader, whose request holds the page. With `Arc` two of the three would have to be
/// weak, and then a page could not tell what those of its readers read who have left since.
#[derive(Trace)]
pub(crate) struct Request {
    session: Gc<Session>,
    entry: Gc<Entry>,
}

impl Request {
    /// Notes that `session` has asked for `entry`, in all the places that want to know.
    pub(crate) fn note(session: &Gc<Session>, entry: Gc<Entry>) -> Gc<Self> {
        let request = Gc::new(Request { session: session.clone(), entry });
        session.remember(request.clone());
        request.entry.note_reader(session);
        request
    }

    pub(crate) fn session(&self) -> &Gc<Session> {
        &self.session
    }

    pub(crate) fn entry(&self) -> &Gc<Entry> {
        &self.entry
    }
}

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

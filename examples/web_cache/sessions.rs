//! The session table: who is signed in, and who still exists.

use crate::lock;
use crate::model::{Session, SessionId};
use gc_core::sync::{Gc, WeakCallback};
use lru::LruCache;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// How many visitors are kept signed in at a time.
pub(crate) const CAPACITY: NonZeroUsize = NonZeroUsize::new(50).unwrap();

/// The sessions by their numbers.
///
/// The table holds the active ones. One that was not heard of for long is pushed out, but it
/// can come back for as long as a page or a request somewhere holds it: the index knows it.
pub(crate) struct Sessions {
    active: Mutex<LruCache<SessionId, Gc<Session>>>,
    index: Arc<Index>,
    last: AtomicUsize,
    /// How often a session that was pushed out has come back.
    returned: AtomicUsize,
}

/// All sessions that exist, held weakly: Python's `WeakValueDictionary`.
///
/// Each entry has a callback that takes it out when its session is dead. The callback locks the
/// map, on whatever thread the session dies. So with the map locked nobody may make an object,
/// which may start a collection, or drop a handle, which may be the last.
#[derive(Default)]
pub(crate) struct Index {
    sessions: Mutex<HashMap<SessionId, WeakCallback<Session>>>,
}

impl Sessions {
    pub(crate) fn new() -> Self {
        let active = Mutex::new(LruCache::new(CAPACITY));
        Sessions {
            active,
            index: Arc::default(),
            last: AtomicUsize::new(0),
            returned: AtomicUsize::new(0),
        }
    }

    /// The index, for who wants to see it empty when all this is gone.
    pub(crate) fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// How many sessions there have been.
    pub(crate) fn begun(&self) -> usize {
        // Relaxed: a sum.
        self.last.load(Ordering::Relaxed)
    }

    /// How often a session that had been pushed out was found again.
    pub(crate) fn returned(&self) -> usize {
        // Relaxed: a sum.
        self.returned.load(Ordering::Relaxed)
    }

    /// A new session.
    pub(crate) fn begin(&self) -> Gc<Session> {
        // Relaxed: the numbers need only differ.
        let id = SessionId(self.last.fetch_add(1, Ordering::Relaxed) + 1);
        let session = Session::new(id);
        self.index.insert(&session);
        self.activate(&session);
        session
    }

    /// The session with this number, if it exists and is not signed out.
    pub(crate) fn find(&self, id: SessionId) -> Option<Gc<Session>> {
        let active = lock::lock(&self.active).get(&id).cloned();
        if let Some(session) = active {
            return Some(session).filter(|session| !session.is_signed_out());
        }
        let session = self.index.get(id).filter(|session| !session.is_signed_out())?;
        // Relaxed: a sum.
        self.returned.fetch_add(1, Ordering::Relaxed);
        self.activate(&session);
        Some(session)
    }

    /// Ends a session. Nobody goes through the pages that know it.
    pub(crate) fn end(&self, session: &Session) {
        session.sign_out();
        let ended = lock::lock(&self.active).pop(&session.id());
        drop(ended);
    }

    fn activate(&self, session: &Gc<Session>) {
        let displaced = lock::lock(&self.active).push(session.id(), session.clone());
        // Out here the table is not locked any more, see `Index`.
        drop(displaced);
    }
}

impl Index {
    /// How many sessions exist.
    pub(crate) fn len(&self) -> usize {
        lock::lock(&self.sessions).len()
    }

    fn get(&self, id: SessionId) -> Option<Gc<Session>> {
        lock::lock(&self.sessions).get(&id)?.upgrade()
    }

    fn insert(self: &Arc<Self>, session: &Gc<Session>) {
        let id = session.id();
        // A strong one in here would be a cycle of `Arc`: the map owns the callback.
        let index = Arc::downgrade(self);
        let entry = Gc::downgrade_with(session, move || {
            if let Some(index) = index.upgrade() {
                index.remove(id);
            }
        });
        lock::lock(&self.sessions).insert(id, entry);
    }

    fn remove(&self, id: SessionId) {
        let entry = lock::lock(&self.sessions).remove(&id);
        drop(entry);
    }
}

//! A server whose middleware wants to know how requests end. In one version it leaks.

use gc_core::Trace;
use gc_core::sync::{Gc, Weak, WeakSet};
use gc_core::weakref::ByIdentity;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Every so many requests one is slow.
const SLOW: usize = 10;

/// How many bytes a request brings with it.
const BODY: usize = 1024;

/// Which server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Trace)]
pub(crate) enum Version {
    Leaking,
    Fixed,
}

/// What belongs to a request: it is there for as long as that is served.
#[derive(Trace)]
pub(crate) struct Context {
    id: usize,
    body: Vec<u8>,
    /// Whom to call when the request is done.
    callbacks: Mutex<Vec<Gc<Callback>>>,
}

/// Something that a middleware does when a request is done.
#[derive(Trace)]
pub(crate) struct Callback {
    middleware: &'static str,
    context: Back,
    calls: AtomicUsize,
}

/// How a callback knows its request.
#[derive(Trace)]
enum Back {
    /// A cycle, as the request knows its callbacks. The collector finds it when nothing else holds
    /// either.
    Strong(Gc<Context>),
    Weak(Weak<Context>),
}

/// What the middleware for slow requests keeps.
#[derive(Trace)]
pub(crate) enum SlowLog {
    /// The leak: what is put in here is never taken out.
    Strong(Mutex<Vec<Gc<Callback>>>),
    /// What is gone is not in here any more.
    Weak(WeakSet<Callback, ByIdentity>),
}

#[derive(Trace)]
pub(crate) struct Server {
    version: Version,
    served: AtomicUsize,
    slow: Gc<SlowLog>,
    /// Added for the hunt: which requests' contexts are in memory.
    contexts: WeakSet<Context, ByIdentity>,
}

impl Server {
    pub(crate) fn new(version: Version) -> Gc<Server> {
        let slow = Gc::new(match version {
            Version::Leaking => SlowLog::Strong(Mutex::default()),
            Version::Fixed => SlowLog::Weak(WeakSet::new()),
        });
        let served = AtomicUsize::new(0);
        Gc::new(Server { version, served, slow, contexts: WeakSet::new() })
    }

    /// Serves a request, on any thread.
    pub(crate) fn serve(&self) {
        let id = self.served.fetch_add(1, Ordering::Relaxed) + 1;
        let context = Gc::new(Context { id, body: vec![0; BODY], callbacks: Mutex::default() });
        self.contexts.insert(&context);
        for middleware in ["access log", "metrics"] {
            self.register(middleware, &context);
        }
        if id.is_multiple_of(SLOW) {
            let callback = self.register("slow requests", &context);
            self.slow.note(callback);
        }
        context.done();
    }

    fn register(&self, middleware: &'static str, context: &Gc<Context>) -> Gc<Callback> {
        let back = match self.version {
            Version::Leaking => Back::Strong(context.clone()),
            Version::Fixed => Back::Weak(Gc::downgrade(context)),
        };
        let callback = Gc::new(Callback { middleware, context: back, calls: AtomicUsize::new(0) });
        context.callbacks().push(callback.clone());
        callback
    }

    pub(crate) fn served(&self) -> usize {
        self.served.load(Ordering::Relaxed)
    }

    pub(crate) fn contexts(&self) -> &WeakSet<Context, ByIdentity> {
        &self.contexts
    }

    pub(crate) fn slow_log(&self) -> &Gc<SlowLog> {
        &self.slow
    }
}

impl Context {
    pub(crate) fn id(&self) -> usize {
        self.id
    }

    fn callbacks(&self) -> MutexGuard<'_, Vec<Gc<Callback>>> {
        self.callbacks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls the callbacks. They may look at the request, so its lock is free meanwhile.
    fn done(&self) {
        let callbacks = self.callbacks().clone();
        for callback in callbacks {
            callback.calls.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl SlowLog {
    fn note(&self, callback: Gc<Callback>) {
        match self {
            SlowLog::Strong(all) => {
                all.lock().unwrap_or_else(PoisonError::into_inner).push(callback);
            }
            SlowLog::Weak(all) => {
                all.insert(&callback);
            }
        }
    }
}

// What the debugging tools show of an object. A derived `Debug` would go round in the cycle.
impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "request {}, {} bytes", self.id, self.body.len())
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = match &self.context {
            Back::Strong(context) => Some(context.id),
            Back::Weak(context) => context.upgrade().map(|context| context.id),
        };
        write!(f, "{}, of request {}", self.middleware, request.unwrap_or(0))
    }
}

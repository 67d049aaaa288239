//! A place at which one thread waits for another, so that they meet where they once did by chance.

use super::gc::{AtomicGc, Gc, Lock, lock};
use gc_core::{Trace, Tracer};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// Longer than anything takes that does not wait for ever.
pub(super) const LONG: Duration = Duration::from_secs(20);

/// Holds up whoever traces it first, until its [`Keeper`] opens it. (To wait in a `trace` is
/// against the rules, and does no harm to who is prepared for it.)
pub(super) struct Gate {
    waits: Lock<Option<(Sender<()>, Receiver<()>)>>,
    /// A slot without a lock, so that nobody is looked at as small garbage, with all locks held: the
    /// collector is to read one object after the other.
    apart: AtomicGc<()>,
}

/// Who opens a [`Gate`].
pub(super) struct Keeper {
    arrived: Receiver<()>,
    open: Sender<()>,
}

impl Gate {
    /// One that holds nobody up.
    pub(super) fn open() -> Gate {
        Gate::new(None)
    }

    /// One that is closed, and who opens it.
    pub(super) fn closed() -> (Gate, Keeper) {
        let (arrive, arrived) = channel();
        let (open, opened) = channel();
        (Gate::new(Some((arrive, opened))), Keeper { arrived, open })
    }

    fn new(waits: Option<(Sender<()>, Receiver<()>)>) -> Gate {
        Gate { waits: Lock::new(waits), apart: AtomicGc::new(Gc::new(())) }
    }
}

impl Keeper {
    /// Waits until somebody stands before the gate.
    pub(super) fn wait(&self) {
        self.arrived.recv_timeout(LONG).expect("the collector comes by");
    }

    /// Lets him pass.
    pub(super) fn open(self) {
        self.open.send(()).expect("he waits");
    }
}

// SAFETY: shows its slot, and touches no handle.
unsafe impl Trace for Gate {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.apart.trace(tracer);
        let Some((arrive, opened)) = lock(&self.waits).take() else { return };
        // A test that has failed has dropped the other ends.
        let _ = arrive.send(());
        let _ = opened.recv_timeout(LONG);
    }
}

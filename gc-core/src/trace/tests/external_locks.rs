//! Other crates' locks and what has many of them: kept as std's are, and never waited for.

#![allow(unused_imports, dead_code, reason = "what is needed depends on the features")]

use super::containers::{check_leaf, unlike};
use super::{NONE, Probe, check, cycles, edges, edges_in, hooks, probe, walk};
use crate::sharing::Kind;
use crate::trace::Found;
use crate::{Depth, Trace, Tracer};
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// What `value` shows to the collector of all threads, with its guards still held.
fn look<T: Trace>(value: &T) -> Found {
    look_among(value, false)
}

/// The same where it may hold `many` others.
fn look_among<T: Trace>(value: &T, many: bool) -> Found {
    let mut found = Found { many, ..Found::default() };
    value.trace(&mut Tracer::new(Kind::Shared, &mut found));
    found
}

#[test]
#[cfg(feature = "parking_lot")]
fn parking_lot_locks_stay_locked() {
    use parking_lot::{FairMutex, Mutex, ReentrantMutex, RwLock};
    let locks = (
        (Mutex::new(probe(1)), FairMutex::new(probe(2))),
        (ReentrantMutex::new(probe(3)), RwLock::new(probe(4))),
    );
    let mut found = look(&locks);
    assert_eq!(found.edges.len(), 4);
    assert!(locks.0.0.is_locked() && locks.0.1.is_locked() && locks.1.0.is_locked());
    assert!(locks.1.1.is_locked() && !locks.1.1.is_locked_exclusive());
    found.release();
    assert!(!(locks.0.0.is_locked() || locks.0.1.is_locked()));
    assert!(!(locks.1.0.is_locked() || locks.1.1.is_locked()));
}

#[test]
#[cfg(feature = "parking_lot")]
fn parking_lot_locks_are_busy() {
    use parking_lot::{FairMutex, Mutex, RwLock};
    let (mutex, fair, lock) =
        (Mutex::new(probe(1)), FairMutex::new(probe(2)), RwLock::new(probe(3)));
    assert!(!look(&mutex).busy && !look(&fair).busy && !look(&lock).busy);
    let _guards = (mutex.lock(), fair.lock(), lock.write());
    assert!(look(&mutex).busy && look(&fair).busy && look(&lock).busy);
}

/// The thread that has it may change what is in there: for a look at several objects that is no lock.
#[test]
#[cfg(feature = "parking_lot")]
fn a_reentrant_lock_is_loose() {
    use parking_lot::{Mutex, ReentrantMutex};
    assert!(look(&ReentrantMutex::new(probe(1))).loose);
    assert!(!look(&Mutex::new(probe(1))).loose);
}

/// Its waker might wait for the lock of another.
#[test]
#[cfg(feature = "tokio")]
fn a_lock_with_wakers_is_busy_among_others() {
    use ::tokio::sync::{Mutex, RwLock};
    let (mutex, lock) = (Mutex::new(probe(1)), RwLock::new(probe(2)));
    assert!(look_among(&mutex, true).busy && look_among(&lock, true).busy);
    assert!(look_among(&mutex, true).edges.is_empty());
    assert!(!look(&mutex).busy && !look(&lock).busy);
}

#[cfg(feature = "dashmap")]
mod dashmap {
    use super::*;
    use ::dashmap::{DashMap, DashSet};

    fn sorted(mut numbers: Vec<usize>) -> Vec<usize> {
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn every_entry_is_shown_once() {
        let map: DashMap<Probe, Probe> = (1..=50).map(|n| (probe(n), probe(n + 50))).collect();
        assert_eq!(sorted(edges(&map)), Vec::from_iter(1..=100));
        assert_eq!(sorted(hooks(&map)), Vec::from_iter(1..=100));
        map.remove(&probe(7));
        assert_eq!(edges(&map).len(), 98);
        let set: DashSet<Probe> = (1..=50).map(probe).collect();
        assert_eq!(sorted(edges(&set)), Vec::from_iter(1..=50));
        assert_eq!(sorted(hooks(&set)), Vec::from_iter(1..=50));
        check(&DashMap::<Probe, u8>::new(), &[]);
        check(&DashMap::<_, _>::from_iter([(probe(1), 2)]), &[1]);
        check(&DashMap::<_, _>::from_iter([(1, probe(2))]), &[2]);
        check(&DashSet::<Probe>::new(), &[]);
    }

    #[test]
    fn shards_stay_locked_for_reading() {
        let map = DashMap::<_, _>::from_iter([(1, probe(1))]);
        let mut found = look(&map);
        assert!(!found.busy);
        assert!(map.try_get(&1).is_present(), "readers still get in");
        assert!(map.try_get_mut(&1).is_locked());
        assert!(found.release());
        assert!(map.try_get_mut(&1).is_present());

        let set = DashSet::<_>::from_iter([probe(1)]);
        let mut found = look(&set);
        assert!(set.shards().iter().all(|shard| shard.try_write().is_none()));
        found.release();
        assert!(set.shards().iter().all(|shard| shard.try_write().is_some()));
    }

    #[test]
    fn a_shard_that_is_taken_shows_nothing() {
        let map: DashMap<usize, Probe> = (1..=9).map(|n| (n, probe(n))).collect();
        let beside = map.determine_map(&1);
        let seen = Vec::from_iter((1..=9).filter(|n| map.determine_map(n) != beside));
        let writing = map.get_mut(&1);
        let found = walk(Kind::Shared, &map);
        assert!(found.busy);
        assert_eq!(sorted(edges(&map)), seen);
        assert_eq!(sorted(hooks(&map)), seen);
        drop(writing);
        assert!(!walk(Kind::Shared, &map).busy);
        assert_eq!(edges(&map).len(), 9);

        let reading = map.get(&1);
        assert_eq!(edges(&map).len(), 9);
        drop(reading);

        let set = DashSet::<_>::from_iter([probe(1)]);
        let writing = set.shards()[set.determine_map(&probe(1))].write();
        assert!(walk(Kind::Shared, &set).busy);
        assert_eq!(edges(&set), NONE);
        drop(writing);
        assert_eq!(edges(&set), [1]);
    }

    #[test]
    fn cycles_are_collected_and_leaves_not_locked() {
        cycles::check(|node| DashMap::<_, _>::from_iter([(1, node.clone()), (2, node)]));
        check_leaf(&DashMap::<_, _>::from_iter([(unlike(1), unlike(2))]));
        check_leaf(&DashSet::<_>::from_iter([unlike(1)]));
    }
}

#[cfg(feature = "tokio")]
mod tokio {
    use super::*;
    use ::tokio::sync::{
        Barrier, Mutex, Notify, OnceCell, RwLock, Semaphore, broadcast, mpsc, oneshot, watch,
    };

    macro_rules! leaves {
    ($($type:ty),+ $(,)?) => {$(
        assert!(<$type>::is_leaf(Depth::START), "{} is a leaf", stringify!($type));
        assert!(!<$type>::may_finalize(Depth::START), "{} has no finalizer", stringify!($type));
    )+};
}

    #[test]
    fn locks_stay_locked() {
        let lock = Mutex::new(vec![probe(1), probe(2)]);
        let mut found = look(&lock);
        assert_eq!(found.edges.len(), 2);
        assert!(!found.busy);
        assert!(lock.try_lock().is_err());
        found.release();
        assert!(lock.try_lock().is_ok());

        let lock = RwLock::new(probe(3));
        let mut found = look(&lock);
        assert!(lock.try_read().is_ok(), "readers still get in");
        assert!(lock.try_write().is_err());
        found.release();
        assert!(lock.try_write().is_ok());
    }

    #[test]
    fn locks_that_are_taken_are_busy() {
        let lock = Mutex::new(probe(1));
        let guard = lock.try_lock().unwrap();
        assert!(look(&lock).busy);
        assert_eq!(edges_in(Kind::Shared, &lock), NONE);
        assert_eq!(hooks(&lock), NONE);
        drop(guard);
        assert_eq!(edges_in(Kind::Shared, &lock), [1]);
        assert_eq!(hooks(&lock), [1]);

        let lock = RwLock::new(probe(2));
        let guard = lock.try_write().unwrap();
        assert!(look(&lock).busy);
        assert_eq!(hooks(&lock), NONE);
        drop(guard);
        let guard = lock.try_read().unwrap();
        assert_eq!(edges_in(Kind::Shared, &lock), [2]);
        assert_eq!(hooks(&lock), [2]);
        drop(guard);
    }

    /// To unlock may run a waker, which that collector has no place for.
    #[test]
    fn locks_show_nothing_to_the_collector_of_one_thread() {
        assert_eq!(edges(&Mutex::new(probe(1))), NONE);
        assert_eq!(edges(&RwLock::new(probe(1))), NONE);
        assert_eq!(cycles::collected(Mutex::new), 0);
        assert_eq!(cycles::collected(RwLock::new), 0);
    }

    /// Counts how often it is woken, and panics each time.
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
            resume_unwind(Box::new("on purpose"));
        }
    }

    #[test]
    fn who_waits_is_woken_and_may_panic() {
        let locks = (std::sync::Mutex::new(probe(1)), Mutex::new(probe(2)), RwLock::new(probe(3)));
        let woken = Arc::new(Woken(AtomicUsize::new(0)));
        let waker = Waker::from(woken.clone());
        let mut cx = Context::from_waker(&waker);

        let mut found = look(&locks);
        let (mut locking, mut writing) = (pin!(locks.1.lock()), pin!(locks.2.write()));
        assert!(locking.as_mut().poll(&mut cx).is_pending());
        assert!(writing.as_mut().poll(&mut cx).is_pending());
        assert_eq!(found.edges.len(), 3);
        assert_eq!(woken.0.load(Ordering::Relaxed), 0);
        assert!(found.release());
        assert_eq!(woken.0.load(Ordering::Relaxed), 2);
        assert!(locks.0.try_lock().is_ok(), "neither poisoned nor locked");
        assert!(locking.poll(&mut cx).is_ready());
        assert!(writing.poll(&mut cx).is_ready());
    }

    #[test]
    fn a_cell_that_is_set_needs_no_lock() {
        let cell = OnceCell::new();
        check(&cell, &[]);
        cell.set(probe(1)).unwrap();
        check(&cell, &[1]);
        assert_eq!(look(&cell).held.len(), 0);
        cycles::check(|node| OnceCell::new_with(Some(node)));
    }

    #[test]
    fn leaves_are_leaves() {
        leaves! {
            Notify, Semaphore, Barrier, Mutex<u8>, RwLock<String>, OnceCell<u8>,
            mpsc::Sender<Probe>, mpsc::Receiver<Probe>, mpsc::WeakSender<Probe>,
            mpsc::UnboundedSender<Probe>, mpsc::UnboundedReceiver<Probe>,
            mpsc::WeakUnboundedSender<Probe>, oneshot::Sender<Probe>, oneshot::Receiver<Probe>,
            broadcast::Sender<Probe>, broadcast::Receiver<Probe>, broadcast::WeakSender<Probe>,
            watch::Sender<Probe>, watch::Receiver<Probe>,
        }
        check_leaf(&Mutex::new(unlike(1)));
        check_leaf(&RwLock::new(unlike(1)));
        assert_eq!(look(&Mutex::new(unlike(1))).held.len(), 0, "not locked for nothing");
    }

    #[test]
    fn what_is_in_a_channel_counts_as_held_from_outside() {
        let in_channel = cycles::collected(|node| {
            let (sender, receiver) = mpsc::unbounded_channel();
            assert!(sender.send(node).is_ok());
            receiver
        });
        assert_eq!(in_channel, 0);
    }
}

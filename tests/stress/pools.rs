//! What all threads hold together, and hand to each other.
//!
//! No lock of a pool is held while a handle is dropped: destructors use the pools.

use crate::node::{Known, Node, Watch};
use crate::random::below;
use gc_core::sync::{Gc, UniqueGc};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A pool with more is not put into; what comes last falls out at the other end.
const MOST: usize = 24;

type Pool<T> = Mutex<Vec<T>>;

pub(crate) struct Pools {
    pub(crate) shared: Pool<Gc<Node>>,
    pub(crate) weaks: Pool<Known>,
    pub(crate) watches: Pool<Watch>,
    pub(crate) uniques: Pool<UniqueGc<Node>>,
}

pub(crate) static POOLS: Pools = Pools {
    shared: Mutex::new(Vec::new()),
    weaks: Mutex::new(Vec::new()),
    watches: Mutex::new(Vec::new()),
    uniques: Mutex::new(Vec::new()),
};

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts one in; what there is no room for any more is dropped.
pub(crate) fn put<T>(pool: &Pool<T>, item: T) {
    let mut pool = lock(pool);
    pool.push(item);
    let old = if pool.len() > MOST { Some(pool.swap_remove(below(MOST))) } else { None };
    drop(pool);
    drop(old);
}

pub(crate) fn put_all<T>(pool: &Pool<T>, items: impl IntoIterator<Item = T>) {
    items.into_iter().for_each(|item| put(pool, item));
}

/// Takes a random one out.
pub(crate) fn take<T>(pool: &Pool<T>) -> Option<T> {
    let mut pool = lock(pool);
    let index = (!pool.is_empty()).then(|| below(pool.len()))?;
    Some(pool.swap_remove(index))
}

/// A clone of a random one.
pub(crate) fn pick<T: Clone>(pool: &Pool<T>) -> Option<T> {
    let pool = lock(pool);
    let index = (!pool.is_empty()).then(|| below(pool.len()))?;
    Some(pool[index].clone())
}

/// Takes all of them out.
pub(crate) fn take_all<T>(pool: &Pool<T>) -> Vec<T> {
    std::mem::take(&mut *lock(pool))
}

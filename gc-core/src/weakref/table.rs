//! The table behind the weak collections: entries that go when their object dies.
//!
//! Each entry has a weak handle with a callback, which takes the entry out. It finds it by the hash
//! that was taken when the entry was made and by a number that no other entry of the table ever
//! has, so it needs none of the user's code, and what stands under the same key by then is safe
//! from it (CPython's bpo-28427).
//!
//! # No user code under the lock
//!
//! Whoever looks for a key takes the key parts of the entries with its hash out, as clones, and lets
//! go of the lock; he compares them with the user's `Eq`, upgrades and drops handles as he likes;
//! and to change something he takes the lock again. If an entry with that hash has come in
//! meanwhile he compares that too, before. So an `Eq` that uses the table, drops what is in there
//! or panics is like another thread that does. Nobody waits for anything while he has the
//! lock, so a thread that dies, a collector among them, gets it.

use crate::handle::{Gc, Weak, WeakCallback};
use crate::heap::Space;
use crate::sharing::{Admits, Guarded};
use crate::trace::Sizer;
use hashbrown::HashTable;
use std::fmt;
use std::mem;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

/// What stands in an entry beside the weak handle. To clone it runs no user code; to drop it may.
///
/// # Safety
///
/// Where `S` is [`Shared`](crate::sharing::Shared) it may be dropped on any thread.
pub(crate) unsafe trait Part<S>: Clone + 'static {}

// SAFETY: there is nothing to drop.
unsafe impl<S> Part<S> for () {}

/// What several entries of a heap of kind `S` stand in; it is shared with their callbacks.
pub(crate) struct Table<T: ?Sized, S: Space, D>(Arc<S::Guarded<Entries<T, S, D>>>);

// Nothing is half done where user code can panic.
impl<T: ?Sized + RefUnwindSafe, S: Space, D: RefUnwindSafe> UnwindSafe for Table<T, S, D> {}
impl<T: ?Sized + RefUnwindSafe, S: Space, D: RefUnwindSafe> RefUnwindSafe for Table<T, S, D> {}

/// What is known of an entry outside of the lock. It may be gone by now.
pub(crate) struct Item<T: ?Sized, S: Space, D> {
    pub(crate) hash: u64,
    /// The entry's number, which changes when its object does.
    pub(crate) token: u64,
    pub(crate) weak: Weak<T, S>,
    pub(crate) data: D,
}

/// An entry. Outside of the table its callback is cancelled when it is dropped.
pub(crate) struct Entry<T: ?Sized, S: Space, D> {
    hash: u64,
    token: u64,
    /// When it came in, or got the object that it has: what a [`Seek`] has not seen has come later.
    stamp: u64,
    watch: WeakCallback<T, S>,
    data: D,
}

/// All entries, behind the lock.
struct Entries<T: ?Sized, S: Space, D> {
    table: HashTable<Entry<T, S, D>>,
    /// The last number that was given out, as a token or as a stamp.
    clock: u64,
    /// What was asked for as capacity.
    least: usize,
    /// Where the next entry is taken out that may be any.
    finger: usize,
}

/// How far a search for a key has come.
#[derive(Debug)]
pub(crate) struct Seek {
    hash: u64,
    /// What came in later has not been looked at.
    upto: u64,
    /// A number for an entry of its own.
    token: u64,
}

impl Seek {
    /// A search among the entries with this hash, of which it has seen none.
    pub(crate) fn new(hash: u64) -> Self {
        Seek { hash, upto: 0, token: 0 }
    }
}

/// What an entry is to who enters an object.
#[derive(Debug)]
pub(crate) enum Verdict<R> {
    /// It is for another key.
    Other,
    /// It is for the same key, and stays: the search is over.
    Stays(R),
    /// It is for the same key, and gets the new object.
    Replaced,
}

/// What became of an object that was to be entered.
#[derive(Debug)]
pub(crate) enum Entered<T: ?Sized, S: Space, R> {
    /// It got an entry of its own.
    New,
    /// It got the entry of this object, which may be dead.
    Instead(WeakCallback<T, S>),
    /// It was not entered.
    Stayed(R),
}

/// What is to be entered: with a weak handle when it is known that one is needed.
enum Next<T: ?Sized, S: Space, D> {
    Data(D),
    Fresh(Fresh<T, S, D>),
}

/// An entry that is not in the table yet.
struct Fresh<T: ?Sized, S: Space, D> {
    token: u64,
    watch: WeakCallback<T, S>,
    data: D,
}

impl<T: ?Sized, S: Space, D> Clone for Table<T, S, D> {
    /// Makes another handle to the same table.
    fn clone(&self) -> Self {
        Table(Arc::clone(&self.0))
    }
}

impl<T: ?Sized, S: Space, D> Table<T, S, D> {
    /// A table with room for so many, which it keeps.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self::with(capacity, capacity)
    }

    /// A table with room for so many, for a start.
    pub(crate) fn with_room_now(room: usize) -> Self {
        Self::with(room, 0)
    }

    fn with(room: usize, least: usize) -> Self {
        let table = HashTable::with_capacity(room);
        let entries = Entries { table, clock: 0, least, finger: 0 };
        Table(Arc::new(S::Guarded::new(entries)))
    }

    /// How many entries there are.
    ///
    /// One of a dead object is among them only between its death and its callback: in other
    /// callbacks and hooks that run in between, and on other threads meanwhile.
    pub(crate) fn len(&self) -> usize {
        self.0.with(|entries| entries.table.len())
    }

    /// How many entries there is room for.
    pub(crate) fn capacity(&self) -> usize {
        self.0.with(|entries| entries.table.capacity())
    }

    /// Adds the table to `sizer`, and what `part` says of each entry's data. The callbacks are the
    /// heap's.
    pub(crate) fn measure(&self, sizer: &mut Sizer<'_>, mut part: impl FnMut(&D, &mut Sizer<'_>)) {
        const COUNTS: usize = 2 * size_of::<usize>();
        sizer.add(COUNTS + size_of::<S::Guarded<Entries<T, S, D>>>());
        // Who asks for sizes must not wait. What he cannot look at is left out.
        let _ = self.0.try_with(|entries| {
            sizer.add(entries.table.allocation_size());
            entries.table.iter().for_each(|entry| part(&entry.data, sizer));
        });
    }

    /// Takes the entry out, if it is still there.
    pub(crate) fn take(&self, hash: u64, token: u64) -> Option<Entry<T, S, D>> {
        self.0.with(|entries| entries.take(hash, token))
    }

    /// The same, but only if `is` says so of the data. It runs no user code.
    pub(crate) fn take_if(
        &self,
        hash: u64,
        token: u64,
        is: impl FnOnce(&D) -> bool,
    ) -> Option<Entry<T, S, D>> {
        self.0.with(|entries| {
            let there = entries.table.find(hash, |entry| entry.token == token)?;
            if is(&there.data) { entries.take(hash, token) } else { None }
        })
    }

    /// Puts other data into the entry, if it is still there, and gives back what was there.
    ///
    /// # Errors
    ///
    /// The data, if it is not.
    pub(crate) fn exchange(&self, hash: u64, token: u64, data: D) -> Result<D, D> {
        self.0.with(|entries| match entries.table.find_mut(hash, |entry| entry.token == token) {
            Some(entry) => Ok(mem::replace(&mut entry.data, data)),
            None => Err(data),
        })
    }

    /// Takes any entry out.
    pub(crate) fn take_any(&self) -> Option<Entry<T, S, D>> {
        self.0.with(Entries::take_any)
    }

    /// Takes all entries out, and drops them.
    pub(crate) fn clear(&self) {
        let all = self.0.with(|entries| {
            let (clock, table) = (entries.clock, HashTable::new());
            mem::replace(entries, Entries { table, clock, least: 0, finger: 0 })
        });
        drop(all);
    }

    /// Gives back what memory is not needed.
    pub(crate) fn shrink_to_fit(&self) {
        self.0.with(|entries| {
            entries.least = 0;
            entries.finger = 0;
            entries.table.shrink_to_fit(|entry| entry.hash);
        });
    }
}

impl<T: ?Sized, S: Space, D: Clone> Table<T, S, D> {
    /// What is in the table now.
    pub(crate) fn items(&self) -> Vec<Item<T, S, D>> {
        self.0.with(|entries| entries.table.iter().map(Entry::item).collect())
    }

    /// The data of the entry, if it is still there.
    pub(crate) fn data(&self, hash: u64, token: u64) -> Option<D> {
        self.0.with(|entries| {
            let there = entries.table.find(hash, |entry| entry.token == token)?;
            Some(there.data.clone())
        })
    }

    /// The entries with the hash that `seek` has not seen. From now on it has.
    pub(crate) fn unseen(
        &self,
        seek: &mut Seek,
    ) -> impl Iterator<Item = Item<T, S, D>> + use<T, S, D> {
        // One, nearly always: so that needs no memory.
        let (first, rest) = self.0.with(|entries| {
            let mut found = entries.unseen(seek).map(Entry::item);
            let (first, rest): (_, Vec<_>) = (found.next(), found.collect());
            seek.upto = entries.clock;
            entries.clock += 1;
            seek.token = entries.clock;
            (first, rest)
        });
        first.into_iter().chain(rest)
    }

    /// What `is` makes of the entry that it knows for the one that is looked for.
    pub(crate) fn find<R>(
        &self,
        hash: u64,
        is: impl FnMut(Item<T, S, D>) -> Option<R>,
    ) -> Option<R> {
        self.unseen(&mut Seek::new(hash)).find_map(is)
    }

    /// Takes out the entry that `is` knows for the one that is looked for.
    pub(crate) fn remove(
        &self,
        hash: u64,
        mut is: impl FnMut(&Item<T, S, D>) -> bool,
    ) -> Option<Entry<T, S, D>> {
        let mut seek = Seek::new(hash);
        loop {
            let token = self.unseen(&mut seek).find(&mut is)?.token;
            if let Some(entry) = self.take(hash, token) {
                return Some(entry);
            }
            // Its object has died, or has been replaced: in that case it has not been seen.
        }
    }
}

impl<T, S, D> Table<T, S, D>
where
    T: ?Sized + 'static,
    S: Space + Admits<T>,
    D: Part<S>,
{
    /// Makes an entry for `object`, or puts it in the place of another, as `judge` says of each
    /// entry with the hash. An entry that gets another object keeps its `data`.
    pub(crate) fn enter<R>(
        &self,
        hash: u64,
        object: &Gc<T, S>,
        data: D,
        mut judge: impl FnMut(Item<T, S, D>) -> Verdict<R>,
    ) -> Entered<T, S, R> {
        let mut seek = Seek::new(hash);
        let (mut place, mut next) = (None, Next::Data(data));
        loop {
            for item in self.unseen(&mut seek) {
                let token = item.token;
                match judge(item) {
                    Verdict::Other => {}
                    Verdict::Replaced => place = Some(token),
                    Verdict::Stays(found) => return Entered::Stayed(found),
                }
            }
            let fresh = match next {
                Next::Fresh(fresh) => fresh,
                Next::Data(data) => {
                    let token = seek.token;
                    Fresh { token, watch: self.watch(object, hash, token), data }
                }
            };
            match self.0.with(|entries| entries.commit(&seek, place, fresh)) {
                // (A key that was not needed is dropped here, outside of the lock.)
                Ok((entered, _not_needed)) => return entered,
                Err(fresh) => next = Next::Fresh(fresh),
            }
        }
    }

    /// A weak handle to `object` that takes the entry out when that is dead.
    fn watch(&self, object: &Gc<T, S>, hash: u64, token: u64) -> WeakCallback<T, S> {
        // Weak: a table that is dropped leaves nothing behind.
        let table = Arc::downgrade(&self.0);
        let forget = move || {
            let Some(table) = table.upgrade().map(Table::<T, S, D>) else { return };
            drop(table.take(hash, token));
        };
        // SAFETY: in `Shared` it may run on any thread: it locks the table, and drops an entry or
        // the table with all of them, which are handles to objects that are `Send` and `Sync`
        // (`Admits`), and what `Part` says may be dropped on any.
        unsafe { Gc::watch(object, Box::new(forget)) }
    }
}

impl<T: ?Sized, S: Space, D> Entries<T, S, D> {
    /// The entries with the hash that `seek` has not seen.
    fn unseen<'a>(
        &'a self,
        seek: &Seek,
    ) -> impl Iterator<Item = &'a Entry<T, S, D>> + use<'a, T, S, D> {
        let Seek { hash, upto, .. } = *seek;
        let same = self.table.iter_hash(hash);
        same.filter(move |entry| entry.hash == hash && entry.stamp > upto)
    }

    fn take(&mut self, hash: u64, token: u64) -> Option<Entry<T, S, D>> {
        let found = self.table.find_entry(hash, |entry| entry.token == token).ok()?;
        let (entry, _) = found.remove();
        self.give_back_memory();
        Some(entry)
    }

    fn take_any(&mut self) -> Option<Entry<T, S, D>> {
        // From where the last was found, so that to take all of them out is no search from the
        // start for each.
        let mut places = (self.finger..self.table.num_buckets()).chain(0..self.finger);
        self.finger = places.find(|&place| self.table.get_bucket(place).is_some())?;
        let (entry, _) = self.table.get_bucket_entry(self.finger).ok()?.remove();
        self.give_back_memory();
        Some(entry)
    }

    /// Moves to less room when hardly any of it is in use. Each time as many entries have gone
    /// as are moved, or more.
    fn give_back_memory(&mut self) {
        const SMALL: usize = 64;
        let wanted = (self.table.len() * 2).max(self.least);
        if self.table.capacity() <= SMALL.max(wanted * 4) {
            return;
        }
        let mut smaller = HashTable::new();
        // Where there is no memory for that it stays as it is.
        if smaller.try_reserve(wanted, |entry: &Entry<T, S, D>| entry.hash).is_ok() {
            for entry in self.table.drain() {
                smaller.insert_unique(entry.hash, entry, |entry| entry.hash);
            }
            self.table = smaller;
            self.finger = 0;
        }
    }

    /// Puts `fresh` in, in the entry `place` if that is still there, and gives back what of it was
    /// not needed.
    ///
    /// # Errors
    ///
    /// All of it, if there is an entry that `seek` has not seen.
    #[allow(clippy::type_complexity, reason = "nothing else is made of these")]
    fn commit<R>(
        &mut self,
        seek: &Seek,
        place: Option<u64>,
        fresh: Fresh<T, S, D>,
    ) -> Result<(Entered<T, S, R>, Option<D>), Fresh<T, S, D>> {
        if self.unseen(seek).next().is_some() {
            return Err(fresh);
        }
        self.clock += 1;
        let (hash, stamp) = (seek.hash, self.clock);
        let Fresh { token, watch, data } = fresh;
        if let Some(entry) = self.table.find_mut(hash, |entry| place == Some(entry.token)) {
            let before = mem::replace(&mut entry.watch, watch);
            (entry.token, entry.stamp) = (token, stamp);
            return Ok((Entered::Instead(before), Some(data)));
        }
        let entry = Entry { hash, token, stamp, watch, data };
        self.table.insert_unique(hash, entry, |entry| entry.hash);
        Ok((Entered::New, None))
    }
}

impl<T: ?Sized, S: Space, D> Drop for Entries<T, S, D> {
    /// Drops all entries, whatever the destructor of one does: the table itself would leave the
    /// rest alone after a panic.
    fn drop(&mut self) {
        let mut rest = scopeguard::guard(self.table.drain(), |rest| rest.for_each(drop));
        rest.by_ref().for_each(drop);
    }
}

impl<T: ?Sized, S: Space, D> Entry<T, S, D> {
    /// The object, if it is alive.
    pub(crate) fn upgrade(&self) -> Option<Gc<T, S>> {
        self.watch.upgrade()
    }

    /// What stands beside it.
    pub(crate) fn into_data(self) -> D {
        self.data
    }
}

impl<T: ?Sized, S: Space, D: Clone> Entry<T, S, D> {
    fn item(&self) -> Item<T, S, D> {
        let (weak, data) = (self.watch.weak().clone(), self.data.clone());
        Item { hash: self.hash, token: self.token, weak, data }
    }
}

impl<T: ?Sized, S: Space, D> fmt::Debug for Entries<T, S, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries").field("len", &self.table.len()).finish_non_exhaustive()
    }
}

impl<T: ?Sized, S: Space, D> fmt::Debug for Table<T, S, D> {
    /// Only numbers: to show what is in there would run user code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("len", &self.len()).finish_non_exhaustive()
    }
}

//! How do I refer to an object without keeping it?
//!
//! With a [`Weak`](crate::unsync::Weak): `Gc::downgrade` makes one, `upgrade` gives a handle while
//! the object lives. To break cycles you do not need it. It is for caches, for observers, and for
//! whatever must not decide how long something lives. And for what the collector does not see, such
//! as a task that works for an object: a strong handle there is one from outside.
//!
//! # When an upgrade fails
//!
//! From the moment the object's finalizer has run and nobody has resurrected it. All weak
//! handles to one piece of garbage die at the same moment: no callback and no destructor gets
//! hold of a neighbour that is about to be dropped.
//!
//! Garbage in a cycle is alive until a collection finds it. Up to then `upgrade` gives a
//! handle, and so brings it back to use. A handle made by
//! [`UniqueGc::downgrade`](crate::unsync::UniqueGc::downgrade) or inside
//! [`Gc::new_cyclic`](crate::unsync::Gc::new_cyclic) does not upgrade before the object can be
//! shared. [`Weak::new`](crate::unsync::Weak::new) never does.
//!
//! ```
//! use gc_core::{Trace, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace)]
//! struct Loop(RefCell<Option<Gc<Loop>>>);
//!
//! let node = Gc::new(Loop(RefCell::default()));
//! *node.0.borrow_mut() = Some(node.clone());
//! let weak = Gc::downgrade(&node);
//!
//! drop(node);
//! assert!(weak.upgrade().is_some()); // garbage, but nobody has looked
//! let _ = unsync::collect();
//! assert!(weak.upgrade().is_none());
//! ```
//!
//! An upgrade makes no object, so **code that only upgrades never starts a collection**. A
//! server that looks things up in a weak table and makes nothing calls
//! [`collect`](crate::unsync::collect) now and then; in `sync` a
//! [background collector](crate::sync::background) with an interval does it as well.
//!
//! In [`sync`](crate::sync) the object may be on its way to death on another thread. While its
//! finalizer runs an upgrade succeeds, and whoever keeps the handle keeps the object. While the
//! collector makes its decision an upgrade waits for it, which takes a few steps for each object of the cycle and runs
//! no user code. From that moment all of the cycle is gone, on every thread.
//!
//! # Callbacks
//!
//! [`Gc::downgrade_with`](crate::unsync::Gc::downgrade_with) makes a weak handle that tells when
//! the object is gone. Keep the [`WeakCallback`](crate::unsync::WeakCallback): dropping it
//! cancels the callback. A cache whose entries go with their values:
//!
//! ```
//! use gc_core::unsync::{Gc, WeakCallback};
//! use std::{cell::RefCell, collections::HashMap, rc::{Rc, Weak}};
//!
//! #[derive(Default)]
//! struct Cache(RefCell<HashMap<u32, WeakCallback<String>>>);
//!
//! impl Cache {
//!     fn get(self: &Rc<Self>, id: u32) -> Gc<String> {
//!         if let Some(cached) = self.0.borrow().get(&id).and_then(WeakCallback::upgrade) {
//!             return cached;
//!         }
//!         let value = Gc::new(format!("row {id}"));
//!         let cache: Weak<Cache> = Rc::downgrade(self);
//!         let entry = Gc::downgrade_with(&value, move || {
//!             if let Some(cache) = cache.upgrade() {
//!                 cache.0.borrow_mut().remove(&id);
//!             }
//!         });
//!         self.0.borrow_mut().insert(id, entry);
//!         value
//!     }
//! }
//!
//! let cache = Rc::new(Cache::default());
//! let row = cache.get(7);
//! assert!(Gc::ptr_eq(&row, &cache.get(7)));
//! assert_eq!(cache.0.borrow().len(), 1);
//! drop(row);
//! assert_eq!(cache.0.borrow().len(), 0);
//! ```
//!
//! That is what a [`WeakValueMap`](crate::unsync::WeakValueMap) does, and more: see
//! [below](#weak-collections).
//!
//! A method to be called on an object that it does not keep alive, Python's `weakref.WeakMethod`, is a
//! `Weak` and a `fn`: a function needs no keeping.
//!
//! ```
//! use gc_core::unsync::{Gc, Weak};
//!
//! struct WeakMethod<T>(Weak<T>, fn(&T) -> usize);
//!
//! let text = Gc::new("spam".to_string());
//! let method = WeakMethod(Gc::downgrade(&text), |text| text.len());
//! let call = || method.0.upgrade().map(|text| (method.1)(&text));
//! assert_eq!(call(), Some(4));
//! drop(text);
//! assert_eq!(call(), None);
//! ```
//!
//! What to know of callbacks:
//!
//! - They run where the object dies: inside the `drop` of the last handle, or inside the
//!   collection. In `sync` that may be any thread, so they are `Send`, and a lock takes the place
//!   of the cell: see [`threads`](super::threads#locks). If you may drop a handle while you hold
//!   the `RefCell` that the callback borrows, use `try_borrow_mut` in there. A panic in a callback
//!   goes to the [hook](crate::set_unraisable_hook), and the callback does not run again.
//! - An object's callbacks run newest first.
//! - A callback whose own handle is in the same garbage as the object does not run, as in Python.
//!   The handle is in it if an object of that garbage holds the `WeakCallback` where `Trace`
//!   sees it.
//! - What a callback owns is out of the collector's sight: a `Gc` to the object itself in there
//!   keeps it for ever. Let it own `Weak`s.
//!
//! # Weak collections
//!
//! | Python | here | entries |
//! |---|---|---|
//! | `weakref.WeakValueDictionary` | [`WeakValueMap`](crate::unsync::WeakValueMap) | go with their values |
//! | `weakref.WeakKeyDictionary` | [`WeakKeyMap`](crate::unsync::WeakKeyMap), by value or by identity | go with their keys |
//! | `weakref.WeakSet` | [`WeakSet`](crate::unsync::WeakSet), by value or by identity | are the elements |
//! | `sys.intern` | [`Interner`](crate::unsync::Interner) | are values of which there is one each |
//! | a `weakref.ref` as a key | [`WeakKey`](crate::unsync::WeakKey), in any map of std's | stay until they are taken out |
//!
//! A cache whose entries go with their values, this time in one line:
//!
//! ```
//! use gc_core::unsync::{Gc, WeakValueMap};
//!
//! let cache: WeakValueMap<u32, String> = WeakValueMap::new();
//! let get = |id: u32| cache.get_or_insert_with(id, || Gc::new(format!("row {id}")));
//!
//! let row = get(7);
//! assert!(Gc::ptr_eq(&row, &get(7)));
//! assert_eq!(cache.len(), 1);
//! drop(row);
//! assert_eq!(cache.len(), 0);
//! ```
//!
//! What is known of an object beside what it says itself, for as long as it lives. A value of a
//! [`WeakKeyMap`](crate::unsync::WeakKeyMap) belongs to its key, and so it may refer to it, which in
//! Python would keep both for ever:
//!
//! ```
//! use gc_core::{Trace, unsync::{self, Gc, WeakKeyMap}};
//!
//! #[derive(Trace, PartialEq, Eq, Hash)]
//! struct Document(&'static str);
//!
//! #[derive(Trace)]
//! struct Undo {
//!     of: Gc<Document>,
//! }
//!
//! let history = WeakKeyMap::new();
//! let document = Gc::new(Document("letter"));
//! history.insert(&document, Undo { of: document.clone() });
//! assert_eq!(history.get(&*document).unwrap().of.0, "letter");
//! drop(document);
//! assert_eq!((unsync::collect().collected, history.len()), (2, 0));
//! ```
//!
//! What to know of them:
//!
//! - **They keep alive no object that an entry goes with.** What nobody else holds when it is put in is gone at once, and so
//!   is what `union` of two sets gives, when its elements are.
//! - **An entry goes when its object dies**, after the finalizer and before the value is dropped.
//!   A dead object does not come out from the moment of its death on; `len` counts
//!   its entry until its callback has run, which other callbacks may see, and other threads. An
//!   object that a finalizer resurrects stays in. (In Python one of a cycle is out by then, as
//!   callbacks run before finalizers there.)
//! - **Methods take `&self`**, and no lock is taken nor anything borrowed while your code runs: an
//!   `Eq`, a `Drop` of a key, the closure of `retain` may do anything to the map.
//! - **An iterator has taken note of all entries** when it was made, yields what is still alive
//!   when it comes there, and does not mind what is done to the map.
//! - **The end of an old object leaves a new one alone** that has come under the same key.
//! - **Keys are out of the collector's sight**: a `Gc` in a key counts as held from outside. So a
//!   key must not lead to the object that owns the map. (The keys of a `WeakKeyMap` are objects, held
//!   weakly, and its values are in sight.)
//!
//! In `sync` any number of threads may use a collection. Two that put something under one key at
//! once with [`get_or_insert_with`](crate::sync::WeakValueMap::get_or_insert_with), or intern
//! equal values, get the same object:
//!
//! ```
//! use gc_core::sync::{Gc, Interner};
//! use std::thread;
//!
//! let names: Interner<str> = Interner::new();
//! let (one, other) = thread::scope(|scope| {
//!     let other = scope.spawn(|| names.intern("spam"));
//!     (names.intern("spam"), other.join().unwrap())
//! });
//! assert!(Gc::ptr_eq(&one, &other));
//! ```
//!
//! # Identity and memory
//!
//! A `Weak` to a sized type is one word, and as long as it exists no other object gets its
//! address. So [`Weak::as_ptr`](crate::unsync::Weak::as_ptr) is a key that does not lie, dead or
//! alive. The price is `Rc`'s as well: the value of a dead object is dropped, but its memory goes
//! back only with the last weak handle.

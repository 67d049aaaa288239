//! How do I bring my own pointers, visitors and trait objects?
//!
//! | you have | use |
//! |---|---|
//! | a type of your own | `#[derive(Trace)]` |
//! | a field of a foreign type without handles | `#[trace(skip)]` |
//! | a field of a foreign type with handles | `#[trace(unsafe(with = path))]`, see the [derive](derive@crate::Trace) |
//! | a value of a foreign type | [`Gc::new_opaque`](crate::unsync::Gc::new_opaque) |
//! | a visitor that knows nothing of this crate | [`Edge`](crate::Edge) |
//! | handles in tagged words | [`Gc::into_raw`](crate::unsync::Gc::into_raw), [`Gc::edge_of_raw`](crate::unsync::Gc::edge_of_raw) |
//! | trait objects | [`coerce!`](crate::coerce), or `Gc::from` of a box |
//! | a lock of one's own | [`Tracer::hold`](crate::Tracer::hold) |
//! | memory of one's own, to be in [`shallow_size`](crate::unsync::shallow_size) | [`Trace::measure`](crate::Trace::measure) |
//! | objects to be filled before they are shared | [`UniqueGc`](crate::unsync::UniqueGc) |
//! | objects that know themselves | [`Gc::new_cyclic`](crate::unsync::Gc::new_cyclic) |
//!
//! # An interpreter's visitor
//!
//! Interpreters have a trait of their own with which a value shows what it holds. It need not
//! know our types: an [`Edge`](crate::Edge) passes through it as a plain pointer.
//!
//! ```
//! use gc_core::{Edge, Trace, Tracer, unsync::{self, Gc}};
//! use std::{cell::RefCell, ptr::NonNull};
//!
//! /// The interpreter's own trait. `visitor` is called once for each handle.
//! trait Traverse {
//!     fn traverse(&self, visitor: &mut dyn FnMut(NonNull<()>));
//! }
//!
//! #[derive(Default)]
//! struct List(RefCell<Vec<Gc<List>>>);
//!
//! impl Traverse for List {
//!     fn traverse(&self, visitor: &mut dyn FnMut(NonNull<()>)) {
//!         // Borrowed mutably: shows nothing, which is always sound.
//!         let Ok(items) = self.0.try_borrow() else { return };
//!         items.iter().for_each(|item| visitor(Gc::edge(item).into_raw()));
//!     }
//! }
//!
//! // SAFETY: `traverse` gives each handle of the list once, under a shared borrow, and moves,
//! // clones and drops none. A `List` has no destructor of its own.
//! unsafe impl Trace for List {
//!     fn trace(&self, tracer: &mut Tracer<'_>) {
//!         // SAFETY: the pointers come from `Edge::into_raw` of handles that exist.
//!         self.traverse(&mut |raw| tracer.edge(unsafe { Edge::from_raw(raw) }));
//!     }
//! }
//!
//! let list = Gc::new(List::default());
//! list.0.borrow_mut().push(list.clone());
//! drop(list);
//! assert_eq!(unsync::collect().collected, 1);
//! ```
//!
//! What a `Trace` written by hand owes stands in the section "Safety" of
//! [`Trace`](trait@crate::Trace). In short: show only handles that you own, each once; leave out
//! what you are not sure of. In a heap of one thread debug builds notice an edge too many and name
//! the types in a panic; otherwise the object is kept.
//!
//! # Locks of one's own
//!
//! A type that hands out its contents under a guard takes the guard without waiting, leaves it with
//! [`Tracer::hold`](crate::Tracer::hold), which has the whole example, and only then goes on to
//! what is behind it:
//!
//! ```
//! use gc_core::{Trace, Tracer, sync::{self, Gc}};
//! use std::sync::{RwLock, TryLockError};
//!
//! struct Table(RwLock<Vec<Gc<Table>>>);
//!
//! // SAFETY: each handle is shown once, under its lock, which the tracer keeps.
//! unsafe impl Trace for Table {
//!     fn trace(&self, tracer: &mut Tracer<'_>) {
//!         let guard = match self.0.try_read() {
//!             Ok(guard) => guard,
//!             Err(TryLockError::Poisoned(error)) => error.into_inner(),
//!             // Not `read`: the collector waits for nobody.
//!             Err(TryLockError::WouldBlock) => return tracer.busy(),
//!         };
//!         let rows: *const Vec<Gc<Table>> = &*guard;
//!         // SAFETY: the lock is part of `self`, and who moves or drops a row locks it for writing.
//!         // Unlocking runs no code of anybody else's.
//!         if unsafe { tracer.hold(guard) } {
//!             // SAFETY: the guard is held.
//!             unsafe { &*rows }.iter().for_each(|row| tracer.edge(Gc::edge(row)));
//!         }
//!     }
//! }
//!
//! let table = Gc::new(Table(RwLock::default()));
//! table.0.write().unwrap().push(table.clone());
//! drop(table);
//! assert_eq!(sync::collect().collected, 1);
//! ```
//!
//! To release the guard at the end of `trace` instead, as the visitor above does with its
//! `RefCell`, is sound only for objects of one thread: beside other threads a handle could move
//! from an object that was not read yet to one that was, see [`internals`](super::internals). A
//! type that is fit for `sync` (it is `Send` and `Sync`) and gives its contents away without a
//! guard that can be held, as a channel does, shows nothing.
//!
//! # Words with tag bits
//!
//! A type that keeps handles in such a form gives them back in its destructor, or in that of a
//! field. One without any destructor is taken to own no handles: its objects do not become
//! candidates.
//!
//! The address from [`Gc::into_raw`](crate::unsync::Gc::into_raw) is a multiple of 16, so four bits
//! are free. A value that is a number or a handle, in one word:
//!
//! ```
//! use gc_core::{Depth, Trace, Tracer, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace, Default)]
//! struct Table(RefCell<Vec<Value>>);
//!
//! /// The low bit set: a number. Else: a pointer from `into_raw`, with its count.
//! struct Value(*const Table);
//!
//! impl Value {
//!     fn number(number: usize) -> Self {
//!         Value(std::ptr::without_provenance(number << 1 | 1))
//!     }
//!
//!     fn table(table: Gc<Table>) -> Self {
//!         Value(Gc::into_raw(table))
//!     }
//!
//!     fn as_number(&self) -> Option<usize> {
//!         (self.0.addr() & 1 == 1).then(|| self.0.addr() >> 1)
//!     }
//!
//!     fn as_table(&self) -> Option<&Table> {
//!         // SAFETY: without the bit it is a pointer from `into_raw`, whose count `self` has.
//!         (self.0.addr() & 1 == 0).then(|| unsafe { &*self.0 })
//!     }
//! }
//!
//! impl Drop for Value {
//!     fn drop(&mut self) {
//!         if self.0.addr() & 1 == 0 {
//!             // SAFETY: as above; the count goes with `self`.
//!             unsafe { Gc::decrement_strong_count(self.0) };
//!         }
//!     }
//! }
//!
//! // SAFETY: a value owns one handle or none, and shows it once. Its destructor counts down
//! // and does not look at the table.
//! unsafe impl Trace for Value {
//!     fn trace(&self, tracer: &mut Tracer<'_>) {
//!         if self.0.addr() & 1 == 0 {
//!             // SAFETY: the pointer comes from `into_raw`, and `self` has its count.
//!             tracer.edge(unsafe { unsync::Gc::edge_of_raw(self.0) });
//!         }
//!     }
//!
//!     fn is_leaf(_: Depth) -> bool {
//!         false
//!     }
//! }
//!
//! let table = Gc::new(Table::default());
//! table.0.borrow_mut().extend([Value::number(42), Value::table(table.clone())]);
//! assert_eq!(table.0.borrow()[0].as_number(), Some(42));
//! assert_eq!(table.0.borrow()[1].as_table().unwrap().0.borrow().len(), 2);
//! drop(table);
//! assert_eq!(unsync::collect().collected, 1);
//! ```
//!
//! # Trait objects
//!
//! [`coerce!`](crate::coerce) turns a `Gc<Square>` into a `Gc<dyn Shape>` and a `Weak<Square>` into
//! a `Weak<dyn Shape>`. The object itself is not touched, so the trait need not know of
//! [`Trace`](trait@crate::Trace): the object goes on being traced as what it was made as.
//!
//! ```
//! use gc_core::{Trace, coerce, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! trait Widget {
//!     fn name(&self) -> String;
//! }
//!
//! #[derive(Trace)]
//! struct Window(RefCell<Vec<Gc<dyn Widget>>>);
//!
//! #[derive(Trace)]
//! struct Button(Gc<Window>);
//!
//! impl Widget for Button {
//!     fn name(&self) -> String {
//!         format!("a button beside {} others", self.0.0.borrow().len() - 1)
//!     }
//! }
//!
//! let window = Gc::new(Window(RefCell::default()));
//! let button: Gc<dyn Widget> = coerce!(Gc::new(Button(window.clone())));
//! window.0.borrow_mut().push(button.clone());
//! assert_eq!(button.name(), "a button beside 0 others");
//! drop((window, button));
//! assert_eq!(unsync::collect().collected, 2);
//! ```
//!
//! `trait Widget: Trace` is what a `Box<dyn Widget>` needs, as a field or to be moved into an
//! object by `Gc::from`. Such an object takes 16 bytes more. A closure becomes a handle by
//! `coerce!(Gc::new_opaque(closure))`; what it has captured is out of the collector's sight.
//! Back to the value's own type leads `Gc<dyn Any>::downcast`.
//!
//! # Filling before sharing
//!
//! A `Gc` gives shared references only. [`UniqueGc`](crate::unsync::UniqueGc) gives `&mut` until
//! it is published, and can be referred to weakly before that:
//!
//! ```
//! use gc_core::{Trace, unsync::{Gc, UniqueGc, Weak}};
//!
//! #[derive(Trace)]
//! struct Class {
//!     name: &'static str,
//!     methods: Vec<Gc<Method>>,
//! }
//!
//! #[derive(Trace)]
//! struct Method {
//!     class: Weak<Class>,
//! }
//!
//! let mut class = UniqueGc::new(Class { name: "list", methods: vec![] });
//! for _ in 0..3 {
//!     let method = Method { class: UniqueGc::downgrade(&class) };
//!     class.methods.push(Gc::new(method));
//! }
//! let class: Gc<Class> = UniqueGc::publish(class);
//! assert_eq!(class.methods[2].class.upgrade().unwrap().name, "list");
//! ```
//!
//! Until then the collector does not look into it, and what it holds counts as held from outside.
//! [`Gc::new_cyclic`](crate::unsync::Gc::new_cyclic) is for a value that needs a weak handle to
//! itself at once. For strong handles to itself take a `RefCell` or a
//! [`OnceCell`](std::cell::OnceCell), in `sync` a [`OnceLock`](std::sync::OnceLock), and set it
//! when the object is there.

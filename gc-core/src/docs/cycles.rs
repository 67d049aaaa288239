//! What is freed when?
//!
//! # At once, or at a collection
//!
//! What is in no cycle dies by count: when its last handle goes, it goes. A cycle holds itself,
//! so no count in it falls to zero. It dies at the next collection that comes across it.
//!
//! ```
//! use gc_core::{Trace, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace)]
//! struct Folder {
//!     parent: Option<Gc<Folder>>,
//!     children: RefCell<Vec<Gc<Folder>>>,
//! }
//!
//! let folder = |parent| Gc::new(Folder { parent, children: RefCell::default() });
//!
//! // No cycle: the child points up, nothing points down.
//! let child = folder(Some(folder(None)));
//! assert_eq!(unsync::live(), 2);
//! drop(child);
//! assert_eq!(unsync::live(), 0);
//!
//! // A cycle: parent and child hold each other.
//! let root = folder(None);
//! let child = folder(Some(root.clone()));
//! root.children.borrow_mut().push(child.clone());
//! drop((root, child));
//! assert_eq!(unsync::live(), 2);
//! let _ = unsync::collect();
//! assert_eq!(unsync::live(), 0);
//! ```
//!
//! # What starts a collection
//!
//! You, by [`collect`](crate::unsync::collect). Or [`Gc::new`](crate::unsync::Gc::new), when there
//! are enough candidates (2000, unless you [set](crate::unsync::set_thresholds) another number),
//! and what makes objects as it does: `Gc::new_opaque`, `new_cyclic`, `pin`, `default`, `from`,
//! collecting an iterator into a `Gc<[T]>`, a `make_mut` that copies, and `UniqueGc::new`. Or, in
//! `unsync`, the end of the thread. In `sync` the thresholds are the process's, the thread whose
//! `Gc::new` finds them passed collects for all, and a [background
//! collector](crate::sync::background), if you start one, does it instead, at intervals as well.
//!
//! Nothing else does. In particular:
//!
//! - **Code that makes no objects never collects.** A loop that only upgrades weak handles, or
//!   moves and drops handles, may leave garbage that stays until somebody makes an object. Call
//!   [`collect`](crate::unsync::collect) in such a loop, or
//!   [`collect_generation`](crate::unsync::collect_generation).
//! - **Under [`pause`](crate::unsync::pause) and after [`disable`](crate::unsync::disable)
//!   cycles are freed only by an explicit `collect`**, which works there too. What dies by count
//!   dies as ever.
//!
//! ```
//! use gc_core::{Thresholds, Trace, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace, Default)]
//! struct Loop(RefCell<Option<Gc<Loop>>>);
//!
//! fn leave_a_loop() {
//!     let node = Gc::new(Loop::default());
//!     *node.0.borrow_mut() = Some(node.clone());
//! }
//!
//! unsync::set_thresholds(Thresholds { young: 1, ..Thresholds::DEFAULT });
//! leave_a_loop();
//! leave_a_loop();
//! assert_eq!((unsync::live(), unsync::counts()[0]), (2, 2)); // due, and not yet begun
//! leave_a_loop();
//! assert_eq!(unsync::live(), 1); // the third `Gc::new` has freed the first two
//!
//! let paused = unsync::pause();
//! (0..100).for_each(|_| leave_a_loop());
//! assert_eq!(unsync::live(), 101);
//! assert_eq!(unsync::collect().collected, 101);
//! # drop(paused);
//! ```
//!
//! # The order of a death
//!
//! It is the same by count and in a cycle, where each step is done for all objects of the
//! garbage before the next begins:
//!
//! 1. Finalizers run. Everything is whole, weak handles upgrade.
//! 2. What somebody holds now is resurrected, with what it reaches. It lives on, its weak
//!    handles too; its finalizer never runs again.
//! 3. Weak handles die.
//! 4. Weak callbacks run, an object's newest first.
//! 5. Values are dropped, and after an object's value what
//!    [`WeakKeyMap`](crate::unsync::WeakKeyMap)s have kept for it.
//! 6. The memory is free again, or, where there are weak handles, with the last of those.
//!
//! Within a step a collection takes the objects in the order in which it met them. Do not rely
//! on that order: it depends on which of them lost a handle, and when.
//!
//! In `sync` the steps have the same order on every thread that looks. Others may upgrade a weak
//! handle during the first, which resurrects as a finalizer does, and not after the third. A drop
//! that takes the last handle while a collection looks at the object leaves all of it to the
//! collecting thread: see [`threads`](super::threads#what-may-run-where).
//!
//! # The order of drops
//!
//! A value's fields are dropped in the order of their declaration, as everywhere. If a field is
//! the last handle to another object, that one dies there and then, before the next field, as
//! with `Rc`: but only eight levels deep. What would be the ninth waits until all of the first
//! nine is gone, and then begins anew with eight levels. So the stack stays short, however deep
//! the structure is, and small structures die as they would with `Rc`.
//!
//! ```
//! use gc_core::{Trace, unsync::Gc};
//! use std::{cell::RefCell, rc::Rc};
//!
//! struct Note(u32, Rc<RefCell<Vec<u32>>>);
//!
//! impl Drop for Note {
//!     fn drop(&mut self) {
//!         self.1.borrow_mut().push(self.0);
//!     }
//! }
//!
//! #[derive(Trace)]
//! struct Link {
//!     next: Option<Gc<Link>>,
//!     #[trace(skip)]
//!     note: Note,
//! }
//!
//! fn order_of_a_chain(length: u32) -> Vec<u32> {
//!     let order = Rc::default();
//!     let chain = (0..length).rev().fold(None, |next, number| {
//!         Some(Gc::new(Link { next, note: Note(number, Rc::clone(&order)) }))
//!     });
//!     drop(chain);
//!     order.take()
//! }
//!
//! // `next` stands before `note`, so the innermost note goes first.
//! assert_eq!(order_of_a_chain(4), [3, 2, 1, 0]);
//! // Nine objects within each other, and then the rest.
//! assert_eq!(order_of_a_chain(12), [8, 7, 6, 5, 4, 3, 2, 1, 0, 11, 10, 9]);
//! ```
//!
//! A finalizer runs where its object dies. So in a chain that dies by count the finalizer of a
//! deeper object runs when the weak handles of those above it are dead and their values are
//! half dropped. It cannot see that: no handle of its own leads up, or it would be a cycle.

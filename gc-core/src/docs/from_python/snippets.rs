//! What the usual examples of Python's memory management look like here.
//!
//! [The table](super#code-to-compare) has all thirty, with what they print in Python. Here are ours, those that
//! show the same together. In all of them `gc` is [`unsync`](crate::unsync); with
//! [`sync`](crate::sync) they are the same but for the locks in the place of cells.
//!
//! # Collect and look
//!
//! s0.1, s1.3. The counts are no objects in each generation, as the text of s1.3 has it: they are
//! what has happened since the last collection of each, in Python as here.
//!
//! ```
//! use gc_core::unsync::{self as gc, Gc};
//!
//! let list = Gc::new(vec![Gc::new(1)]);
//! drop(list.clone());
//! assert_eq!(gc::counts(), [1, 0, 0]); // one object that lost a handle and lives on
//! let report = gc::collect();
//! assert_eq!((report.total(), gc::counts()), (0, [0, 0, 0]));
//! for (number, of) in gc::stats().iter().enumerate() {
//!     println!("generation {number}: {} collections, {} collected", of.collections, of.collected);
//! }
//! assert_eq!(gc::stats()[2].collections, 1);
//! ```
//!
//! # A cycle with finalizers
//!
//! s0.2, s3.3. `__del__` is [`Finalize`](crate::Finalize); in a cycle finalizers run in the order in which the
//! objects were met.
//!
//! ```
//! use gc_core::{Finalize, Finalizing, Trace, unsync::{self as gc, Gc}};
//! use std::{cell::RefCell, sync::mpsc::{Sender, channel}};
//!
//! #[derive(Trace)]
//! #[trace(finalize)]
//! struct Node {
//!     name: &'static str,
//!     partner: RefCell<Option<Gc<Node>>>,
//!     log: Sender<String>,
//! }
//!
//! impl Finalize for Node {
//!     fn finalize(&self, _: &Finalizing<'_>) {
//!         let _ = self.log.send(format!("Deleting {}", self.name));
//!     }
//! }
//!
//! let (log, said) = channel();
//! let node = |name| Gc::new(Node { name, partner: RefCell::default(), log: log.clone() });
//! let (a, b) = (node("A"), node("B"));
//! *a.partner.borrow_mut() = Some(b.clone());
//! *b.partner.borrow_mut() = Some(a.clone());
//! drop(a);
//! drop(b);
//! assert!(said.try_recv().is_err()); // each still holds the other
//! assert_eq!(gc::collect().total(), 2);
//! assert_eq!(said.try_iter().collect::<Vec<_>>(), ["Deleting A", "Deleting B"]);
//! ```
//!
//! # Garbage to be looked at
//!
//! s0.3, which is wrong: its list `objs` still holds the ring when it collects, so nothing is unreachable.
//! With the list dropped it is five and five, in Python too.
//!
//! ```
//! use gc_core::{DebugFlags, Trace, unsync::{self as gc, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace, Default)]
//! struct Leaky(RefCell<Option<Gc<Leaky>>>);
//!
//! let objs: Vec<Gc<Leaky>> = (0..5).map(|_| Gc::default()).collect();
//! for (at, object) in objs.iter().enumerate() {
//!     *object.0.borrow_mut() = Some(objs[(at + 1) % 5].clone());
//! }
//! gc::set_debug(DebugFlags::LEAK); // a line for each on standard error
//! assert_eq!(gc::collect().total(), 0); // what the snippet shows
//!
//! drop(objs);
//! assert_eq!(gc::collect().total(), 5);
//! assert_eq!(gc::garbage().len(), 5);
//! assert!(gc::garbage().to_vec()[0].type_name().ends_with("Leaky"));
//!
//! gc::set_debug(DebugFlags::empty());
//! gc::garbage().clear();
//! assert_eq!(gc::collect().total(), 5);
//! ```
//!
//! # A batch without collections
//!
//! s0.4, s1.4. A guard cannot be forgotten; `disable` and `enable` are there too.
//!
//! ```
//! use gc_core::{Trace, unsync::{self as gc, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace, Default)]
//! struct Own(RefCell<Option<Gc<Own>>>);
//!
//! {
//!     let _quiet = gc::pause();
//!     for _ in 0..10_000 {
//!         let own = Gc::<Own>::default();
//!         *own.0.borrow_mut() = Some(own.clone());
//!     }
//!     assert_eq!(gc::live(), 10_000);
//! }
//! assert_eq!(gc::collect().total(), 10_000);
//!
//! gc::disable();
//! assert!(!gc::is_enabled());
//! gc::enable();
//! assert!(gc::is_enabled());
//! ```
//!
//! # Weak handles
//!
//! s0.5, s1.5.
//!
//! ```
//! use gc_core::unsync::Gc;
//!
//! let object = Gc::new("some data");
//! let weak = Gc::downgrade(&object);
//! assert_eq!(*weak.upgrade().unwrap(), "some data");
//! drop(object);
//! assert!(weak.upgrade().is_none());
//! ```
//!
//! # Sizes
//!
//! s0.6: Python says 88 for a list of four numbers, and 200 with the numbers. Here numbers need not be
//! objects; if they are, it is the same.
//!
//! ```
//! use gc_core::unsync::{self as gc, Gc};
//!
//! let numbers: Gc<Vec<Gc<i64>>> = Gc::new((1..=4).map(Gc::new).collect());
//! assert_eq!(gc::shallow_size(&numbers), 16 + 24 + 4 * 8); // counts, vector, its buffer
//! assert_eq!(gc::deep_size(&numbers), 72 + 4 * (16 + 8));
//! assert_eq!(gc::shallow_size(&Gc::new(vec![1_i64, 2, 3, 4])), 72);
//! ```
//!
//! s2.8, which is wrong: `getsizeof` says 56 of its small object and of its large one, as the list of the
//! latter is another object. (Its "512 bytes" and its arenas of 256 KiB are those of Python 3.9.) Here a buffer
//! belongs to the object. There are no pools: a box comes from the program's allocator.
//!
//! ```
//! use gc_core::{Trace, unsync::{self as gc, Gc}};
//!
//! #[derive(Trace)]
//! struct Holder(Vec<u64>);
//!
//! let (small, large) = (Gc::new(Holder(vec![1])), Gc::new(Holder(vec![0; 1000])));
//! assert_eq!(gc::shallow_size(&small), 16 + 24 + 8);
//! assert_eq!(gc::shallow_size(&large), 16 + 24 + 8000);
//! ```
//!
//! # Counts
//!
//! s1.1, s2.1, s3.1, s4.2. Python counts the argument of `getrefcount` too: its 2, 3, 2 are 1, 2, 1.
//! (s2.1 says 2 of `result`, which has 1.)
//!
//! ```
//! use gc_core::unsync::Gc;
//!
//! fn make() -> Gc<Vec<i32>> {
//!     Gc::new(vec![1, 2, 3])
//! }
//!
//! let a = make();
//! assert_eq!(Gc::strong_count(&a), 1);
//! let b = a.clone();
//! assert_eq!(Gc::strong_count(&a), 2);
//! drop(b);
//! assert_eq!(Gc::strong_count(&a), 1);
//! let weak = Gc::downgrade(&a);
//!
//! // `is` and `==`
//! let (same, equal) = (a.clone(), make());
//! assert!(Gc::ptr_eq(&a, &same) && a == same);
//! assert!(!Gc::ptr_eq(&a, &equal) && a == equal);
//!
//! drop((a, same));
//! assert_eq!(weak.strong_count(), 0); // it is gone at once
//! ```
//!
//! # After a drop
//!
//! s3.1, where Python has a `NameError` when it runs. (As copied it is wrong, a `SyntaxError`: it has spaces
//! that do not break.) Here it does not compile:
//!
//! ```compile_fail,E0382
//! use gc_core::unsync::Gc;
//!
//! let a = Gc::new(vec![1, 2, 3]);
//! drop(a);
//! println!("{a:?}");
//! ```
//!
//! # A cycle is not freed by counts
//!
//! s1.2, s4.3, s4.6.
//!
//! ```
//! use gc_core::{Trace, unsync::{self as gc, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace, Default)]
//! struct Node {
//!     other: RefCell<Option<Gc<Node>>>,
//! }
//!
//! let (a, b) = (Gc::<Node>::default(), Gc::<Node>::default());
//! *a.other.borrow_mut() = Some(b.clone());
//! *b.other.borrow_mut() = Some(a.clone());
//! drop((a, b));
//! assert_eq!(gc::live(), 2);
//! assert_eq!(gc::collect().total(), 2);
//! assert_eq!(gc::live(), 0);
//! ```
//!
//! # Three ways with a parent
//!
//! s2.2: a cycle that waits for a collection; links that are cut by hand; a weak link.
//!
//! ```
//! use gc_core::{Trace, unsync::{self as gc, Gc, Weak}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace, Default)]
//! struct Node {
//!     parent: RefCell<Option<Gc<Node>>>,
//!     weak_parent: RefCell<Weak<Node>>,
//!     children: RefCell<Vec<Gc<Node>>>,
//! }
//!
//! fn family() -> (Gc<Node>, Gc<Node>) {
//!     let (parent, child) = (Gc::<Node>::default(), Gc::<Node>::default());
//!     parent.children.borrow_mut().push(child.clone());
//!     (parent, child)
//! }
//!
//! let (parent, child) = family();
//! *child.parent.borrow_mut() = Some(parent.clone());
//! drop((parent, child));
//! assert_eq!(gc::collect().total(), 2);
//!
//! let (parent, child) = family();
//! *child.parent.borrow_mut() = Some(parent.clone());
//! *child.parent.borrow_mut() = None;
//! drop((parent, child));
//! assert_eq!((gc::live(), gc::collect().total()), (0, 0));
//!
//! let (parent, child) = family();
//! *child.weak_parent.borrow_mut() = Gc::downgrade(&parent);
//! drop(parent);
//! assert!(child.weak_parent.borrow().upgrade().is_none());
//! drop(child);
//! assert_eq!((gc::live(), gc::collect().total()), (0, 0));
//! ```
//!
//! # Every switch
//!
//! s2.3, s3.2, s4.4. There is no walk over all objects, so `len(gc.get_objects())` is a count that is kept. The
//! thresholds of s4.4 are those of Python up to 3.12.
//!
//! ```
//! use gc_core::{Thresholds, unsync::{self as gc, Gc}};
//!
//! assert!(gc::is_enabled());
//! println!("{:?}", gc::stats());
//! gc::set_thresholds(Thresholds::PY311);
//! assert_eq!(gc::thresholds(), Thresholds { young: 700, middle: 10, old: 10 });
//! assert_eq!(gc::collect().total(), 0);
//! let objects: Vec<_> = (0..10).map(Gc::new).collect();
//! assert_eq!(gc::live(), objects.len());
//! gc::disable();
//! gc::enable();
//! gc::set_thresholds(Thresholds { young: 1000, middle: 15, old: 15 });
//! assert_eq!(gc::thresholds().middle, 15);
//! assert!(gc::garbage().is_empty());
//! ```
//!
//! # A registry that keeps objects
//!
//! s2.4. A list of handles keeps what is in it; one of weak handles does not, and a
//! [`WeakSet`](crate::unsync::WeakSet) forgets the dead by itself. Nobody lists the referrers of an object,
//! as there is no walk over all objects. But who is suspected can be asked what it holds, and the count says
//! whether that is all.
//!
//! ```
//! use gc_core::{Trace, unsync::{self as gc, AnyGc, Gc, Weak, WeakSet}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace, Default)]
//! struct Registry(RefCell<Vec<Gc<String>>>);
//!
//! let registry = Gc::<Registry>::default();
//! let leaked = Gc::new("leaked".to_string());
//! registry.0.borrow_mut().push(leaked.clone());
//! let (weak, target) = (Gc::downgrade(&leaked), AnyGc::from(leaked));
//!
//! // Who refers to it? One handle is ours, the other that of the registry.
//! let holds = |holder: &AnyGc| holder.referents().iter().filter(|held| held.ptr_eq(&target)).count();
//! assert_eq!((holds(&registry.clone().into()), target.strong_count()), (1, 2));
//! drop(target);
//! assert!(weak.upgrade().is_some()); // the registry keeps it
//! registry.0.borrow_mut().clear();
//! assert!(weak.upgrade().is_none());
//!
//! // A list of weak handles, which is pruned when somebody looks.
//! let mut instances: Vec<Weak<String>> = Vec::new();
//! let kept = Gc::new("kept".to_string());
//! instances.push(Gc::downgrade(&kept));
//! instances.push(Gc::downgrade(&Gc::new("gone".to_string())));
//! instances.retain(|weak| weak.upgrade().is_some());
//! assert_eq!(instances.len(), 1);
//!
//! let instances: WeakSet<String> = WeakSet::new();
//! instances.insert(&kept);
//! drop(kept);
//! assert_eq!((instances.len(), gc::garbage().len()), (0, 0));
//! ```
//!
//! # Memory over a piece of code
//!
//! s2.5, s3.5. The latter is wrong: nobody calls its function, and if it is called, the list is gone before the
//! snapshot. Here what is measured is kept until the profile is read. It says how much, and not in which line:
//! for that there are heap profilers, which are allocators.
//!
//! ```
//! use gc_core::{process_memory, unsync::{self as gc, Gc}};
//!
//! let (kept, profile) = gc::profile("a large list", || {
//!     (0..1000).map(|number| Gc::new([number; 12])).collect::<Vec<_>>()
//! });
//! assert_eq!((profile.objects.alive(), profile.bytes.alive()), (1000, 1000 * (16 + 12 * 4)));
//! println!("{profile}");
//! drop(kept);
//!
//! if let Some(memory) = process_memory() {
//!     println!("resident: {} KiB", memory.resident / 1024);
//! }
//! ```
//!
//! # Less memory
//!
//! s2.6, s3.4. The first is wrong: it ends with a `NameError`, as it does not import `gc`; the second has the
//! spaces of s3.1. A generator is an iterator; a class with `__slots__` a struct; a dictionary of attributes a
//! map, where one is wanted; an `array` a vector of smaller numbers; and a context manager a guard.
//!
//! ```
//! use gc_core::unsync::{self as gc, Gc};
//! use std::collections::HashMap;
//!
//! // A list of a million squares, and an iterator over them.
//! let list: Gc<Vec<u64>> = Gc::new((0..1_000_000).map(|n| n * n).collect());
//! let squares = (0..1_000_000_u64).map(|n| n * n);
//! assert!(gc::shallow_size(&list) >= 8_000_000 && size_of_val(&squares) <= 24);
//! assert_eq!(squares.sum::<u64>(), list.iter().sum());
//!
//! // s3.4: left after 11.
//! let mut seen = Vec::new();
//! for number in 0.. {
//!     if number > 11 {
//!         break;
//!     }
//!     seen.push(number);
//! }
//! assert_eq!(seen, (0..=11).collect::<Vec<_>>());
//!
//! // Attributes in a map, and in a struct.
//! #[derive(gc_core::Trace)]
//! struct Point {
//!     x: f64,
//!     y: f64,
//! }
//!
//! let map = Gc::new(HashMap::from([("x".to_string(), 1.0), ("y".to_string(), 2.0)]));
//! let point = Gc::new(Point { x: 1.0, y: 2.0 });
//! assert_eq!((map["x"], map["y"]), (point.x, point.y));
//! assert_eq!(gc::shallow_size(&point), 32);
//! assert!(gc::shallow_size(&map) > 5 * gc::shallow_size(&point));
//!
//! // An array of smaller numbers.
//! let (wide, narrow) = (Gc::new(vec![0_i64; 1000]), Gc::new(vec![0_i32; 1000]));
//! assert_eq!(gc::shallow_size(&wide) - gc::shallow_size(&narrow), 4000);
//!
//! // `del` and `gc.collect()`: what is in no cycle goes at the drop already.
//! let before = gc::live();
//! drop(list);
//! assert_eq!((before - gc::live(), gc::collect().total()), (1, 0));
//!
//! // A context manager.
//! {
//!     let _quiet = gc::pause();
//!     // … whatever happens here, it is undone at the end.
//! }
//! ```
//!
//! # Interning
//!
//! s2.7, which is wrong: all that it compares is the same object, as Python shares the constants of a file. Here
//! numbers are no objects, and strings are shared by an [`Interner`](crate::unsync::Interner) only.
//!
//! ```
//! use gc_core::unsync::{Gc, Interner};
//!
//! let (a, b): (Gc<str>, Gc<str>) = ("hello".into(), "hello".into());
//! assert!(a == b && !Gc::ptr_eq(&a, &b));
//!
//! let names = Interner::<str>::new();
//! let (a, b) = (names.intern("hello world!"), names.intern("hello world!"));
//! assert!(Gc::ptr_eq(&a, &b));
//! drop((a, b));
//! assert!(names.is_empty()); // it keeps nothing
//! ```
//!
//! # Two names
//!
//! s4.1, s4.5.
//!
//! ```
//! use gc_core::unsync::Gc;
//! use std::cell::RefCell;
//!
//! let a = Gc::new(RefCell::new(vec![1, 2, 3]));
//! let b = a.clone();
//! b.borrow_mut()[0] = 100;
//! assert_eq!(*a.borrow(), [100, 2, 3]);
//!
//! drop(a);
//! assert_eq!(*b.borrow(), [100, 2, 3]);
//! ```

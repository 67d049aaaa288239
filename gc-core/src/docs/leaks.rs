//! How do I find out why something is alive?
//!
//! First find out which it is: *garbage* that waits for a collection, or something that is *held*.
//! [`collect`](crate::unsync::collect) tells the two apart. What
//! [`live`](crate::unsync::live) counts afterwards is held, by a handle outside of all objects or
//! by one that the collector [cannot see](super::limits).
//!
//! | question | to be asked |
//! |---|---|
//! | How much is alive? | [`live`](crate::unsync::live) |
//! | How much of it is garbage? | [`collect`](crate::unsync::collect)`().total()` |
//! | Which of my types form cycles? | [`DebugFlags::COLLECTABLE`](crate::DebugFlags::COLLECTABLE) |
//! | What do these cycles look like? | [`DebugFlags::SAVE_ALL`](crate::DebugFlags::SAVE_ALL), [`garbage`](crate::unsync::garbage) |
//! | What does this object hold? | [`referents`](crate::unsync::referents) |
//! | By what way is it reached? | a search along `referents`, below |
//! | Is it held by something out of sight? | [`strong_count`](crate::unsync::AnyGc::strong_count), less the handles that are known |
//!
//! # Which cycles the program makes
//!
//! Cycles are no leak here, as they are collected. But a program that makes many has work for
//! the collector, and their objects live longer than need be. With
//! [`DebugFlags::LEAK`](crate::DebugFlags::LEAK) a collection tells of each object that it
//! finds, and keeps it for a closer look. The lines go to standard error, or where
//! [`set_debug_sink`](crate::set_debug_sink) says.
//!
//! ```
//! use gc_core::{DebugFlags, Trace, set_debug_sink, unsync::{self as gc, Gc}};
//! use std::{cell::RefCell, sync::mpsc};
//!
//! #[derive(Debug, Trace)]
//! struct Request {
//!     path: &'static str,
//!     context: RefCell<Option<Gc<Context>>>,
//! }
//!
//! #[derive(Debug, Trace)]
//! struct Context {
//!     user: &'static str,
//!     request: Gc<Request>, // this closes the cycle
//! }
//!
//! fn serve(path: &'static str) {
//!     let request = Gc::new(Request { path, context: RefCell::default() });
//!     let context = Gc::new(Context { user: "ann", request: request.clone() });
//!     *request.context.borrow_mut() = Some(context);
//! }
//!
//! let (lines, told) = mpsc::channel();
//! set_debug_sink(Some(Box::new(move |line| lines.send(line.to_string()).unwrap())));
//! gc::set_debug(DebugFlags::LEAK);
//! serve("/index");
//! assert_eq!(gc::collect().total(), 2);
//!
//! // gc: collectable <server::Request 0x7f0e54000b90>
//! // gc: collectable <server::Context 0x7f0e54000bf0>
//! let told: Vec<String> = told.try_iter().collect();
//! assert!(told.iter().all(|line| line.starts_with("gc: collectable <")));
//! assert!(told.iter().any(|line| line.contains("::Context 0x")));
//!
//! // They have been kept, whole.
//! let garbage = gc::garbage().drain();
//! let request = garbage.iter().find(|object| object.is::<Request>()).unwrap();
//! assert!(request.debug_text().unwrap().starts_with(r#"Request { path: "/index", context: "#));
//! assert_eq!(request.referents()[0].downcast_ref::<Context>().unwrap().user, "ann");
//!
//! gc::set_debug(DebugFlags::empty());
//! drop(garbage);
//! assert_eq!(gc::collect().total(), 2);
//! # set_debug_sink(None);
//! ```
//!
//! Without a cycle, these two would have ended when `serve` returned: here with a
//! [`Weak`](crate::unsync::Weak) in `Context`.
//!
//! # By what way something is reached
//!
//! Something that grows is held, as a rule, by a table that nobody clears. From an object that the
//! program begins with (a server, a registry) a search along
//! [`referents`](crate::unsync::AnyGc::referents) finds the way to what should be gone:
//!
//! ```
//! use gc_core::{Trace, unsync::{AnyGc, Gc}};
//! use std::{cell::RefCell, collections::{HashMap, VecDeque}};
//!
//! /// The objects on a shortest way from `root` to the first that is `wanted`.
//! fn way(root: AnyGc, wanted: impl Fn(&AnyGc) -> bool) -> Option<Vec<AnyGc>> {
//!     let mut from = HashMap::from([(root.as_ptr(), None)]);
//!     let mut next = VecDeque::from([root]);
//!     while let Some(object) = next.pop_front() {
//!         if wanted(&object) {
//!             let mut way = vec![object];
//!             while let Some(Some(holder)) = from.remove(&way[way.len() - 1].as_ptr()) {
//!                 way.push(holder);
//!             }
//!             way.reverse();
//!             return Some(way);
//!         }
//!         for held in object.referents() {
//!             from.entry(held.as_ptr()).or_insert_with(|| {
//!                 next.push_back(held);
//!                 Some(object.clone())
//!             });
//!         }
//!     }
//!     None
//! }
//!
//! #[derive(Trace, Default)]
//! struct Server {
//!     sessions: RefCell<Vec<Gc<Session>>>,
//! }
//!
//! #[derive(Trace)]
//! struct Session {
//!     user: &'static str,
//!     upload: RefCell<Option<Gc<Upload>>>,
//! }
//!
//! #[derive(Trace)]
//! struct Upload(Vec<u8>);
//!
//! let server = Gc::new(Server::default());
//! for user in ["ann", "bob"] {
//!     let session = Gc::new(Session { user, upload: RefCell::default() });
//!     server.sessions.borrow_mut().push(session);
//! }
//! let upload = Gc::new(Upload(vec![0; 4096]));
//! *server.sessions.borrow()[1].upload.borrow_mut() = Some(upload.clone());
//! assert_eq!(upload.0.len(), 4096);
//!
//! // Who still has it?
//! let way = way((&server).into(), |object| object.ptr_eq(&(&upload).into())).unwrap();
//! assert_eq!(way.len(), 3);
//! assert_eq!(way[1].downcast_ref::<Session>().unwrap().user, "bob");
//!
//! // Its own variable, the session's, and the one in `way`: nothing out of sight.
//! assert_eq!(Gc::strong_count(&upload), 3);
//! ```
//!
//! Where no way leads to an object that is alive, a handle is where the collector does not look: in
//! a `static` or on a stack, in an `Rc`, a closure, a channel, a skipped field. [`limits`](super::limits)
//! lists such places.
//!
//! # What is kept lives
//!
//! - An object in [`garbage`](crate::unsync::garbage) is held by the list: its finalizer has run,
//!   weak handles to it go on to work, and their callbacks run when it dies in the end. (CPython
//!   has cleared its weak references by then.) What is reachable from it can be used, changed, and
//!   even put back into service.
//! - It takes memory for as long as it is in the list, so this is for a test or for a short while.
//!   [`clear`](crate::inspect::Garbage::clear) empties the list. While the flag is set, the next
//!   collection that finds the objects again keeps them again.
//! - A thread's list ends with the thread, and so does `SAVE_ALL` for its heap: what is in there is
//!   collected as all else that the thread leaves. (CPython warns of what is in `gc.garbage` at the
//!   end, as it is lost there.) In `sync` the list and the flags are the process's: collections of
//!   every thread heed them, and the lines come on the thread that collects.
//! - Where there is no memory for the list, garbage stays as it is until the next collection.
//!
//! # What the text of an object shows
//!
//! [`debug_text`](crate::unsync::AnyGc::debug_text) is what the type's `Debug` says, up to 200
//! bytes: that also ends the text of a structure that leads back to itself. The lines of a
//! collection name the type and the address only. The objects are dead by then, and no code of
//! theirs may run any more: what it got hold of, it could keep.

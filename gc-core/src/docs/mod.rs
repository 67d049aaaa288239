//! The guide: one page for each question, to be read in any order.
//!
//! | question | page |
//! |---|---|
//! | I know `Rc`, or Python. What is the same, what differs? | [`coming_from`] |
//! | What is freed when? | [`cycles`] |
//! | How do I run code when an object dies? | [`finalizers`] |
//! | How do I refer to an object without keeping it? | [`weak`] |
//! | When does it collect, and how do I steer that? | [`tuning`] |
//! | How do I find out why something is alive? | [`leaks`] |
//! | What does a piece of my program allocate? | [`profiling`] |
//! | Which handles for how many threads, and what may run where? | [`threads`] |
//! | How do I bring my own pointers, visitors and trait objects? | [`adapting`] |
//! | What is never freed, and what can't it do? | [`limits`] |
//! | What does each operation do, and how much memory does it take? | [`performance`] |
//! | How does it work, and why is it sound? | [`internals`] |
//!
//! The modules in here hold text only. `Gc`, `Weak` and the functions that are named without a path
//! are those of [`unsync`](crate::unsync), but on the page [`threads`], which is about
//! [`sync`](crate::sync). Unless a page says otherwise, what it says of one is true of both; where
//! it speaks of a thread's heap, that of `sync` is the whole process's.
//!
//! # Words
//!
//! An **object** is what [`Gc::new`](crate::unsync::Gc::new) makes: a value with counts before
//! it. A **handle** is a `Gc`; the object lives while there is one. An **edge** is a handle
//! inside an object. A **cycle** is a way along edges that comes back to where it began.
//! **Garbage** is what cannot be reached from outside any more and is still there. To die **by
//! count** is to die because the last handle was dropped. A **candidate** is an object that lost
//! a handle and lives on: a collection starts from these. A **leaf** is an object whose type
//! cannot hold a handle.

pub mod adapting;
pub mod coming_from;
pub mod cycles;
pub mod finalizers;
pub mod internals;
pub mod leaks;
pub mod limits;
pub mod performance;
pub mod profiling;
pub mod threads;
pub mod tuning;
pub mod weak;

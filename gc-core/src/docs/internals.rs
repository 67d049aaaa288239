//! How does it work, and why is it sound?
//!
//! gc-core is reference counting with a cycle collector. What follows is the README of the
//! collector's source; the map of all the code is ARCHITECTURE.md in the repository.
//!
//! # Sources
//!
//! - Trial deletion, to find cycles by comparing counts with edges: T. W. Christopher, *Reference
//!   Count Garbage Collection*, Software: Practice and Experience 14(6), 1984.
//! - Candidates, to begin only at what lost a handle: R. D. Lins, *Cyclic Reference Counting with
//!   Lazy Mark-Scan*, Information Processing Letters 44(4), 1992; D. F. Bacon and V. T. Rajan,
//!   *Concurrent Cycle Collection in Reference Counted Systems*, ECOOP 2001.
//! - Generations, thresholds, and the steps of a collection: CPython, `Modules/gcmodule.c` (3.11
//!   to 3.13) and `InternalDocs/garbage_collector.md`.
//! - Finalizers before anything is taken apart, and resurrection: PEP 442.
//! - A value that belongs to its key, where others mark ephemerons: B. Hayes, *Ephemerons: A New
//!   Finalization Mechanism*, OOPSLA 1997, has the problem.
//! - Long chains without recursion: CPython's trashcan.
//!
#![doc = include_str!("../collector/README.md")]

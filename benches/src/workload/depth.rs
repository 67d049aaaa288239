//! The largest structures that do not overflow a stack of 8 MiB.

use super::ring::ring;
use super::{Budget, Entry, Kind, Start};
use crate::subject::{Arc, Rc, Subject, Sync, Unsync};
use std::hint::black_box;
use std::mem;

pub(super) fn entries() -> Vec<Entry> {
    vec![entry::<List>(), entry::<Cycle>(), entry::<Alive>()]
}

pub(crate) const LARGEST_LIST: &str = "largest list that is dropped";
pub(crate) const LARGEST_CYCLE: &str = "largest cycle that is collected";
pub(crate) const LARGEST_ALIVE: &str = "largest live list that a collection goes through";

/// A structure of some size that is made and has its end, if there is room on the stack.
trait Deep {
    const NAME: &'static str;
    fn run<S: Subject>(size: usize);
}

fn entry<D: Deep>() -> Entry {
    let mut entry = Entry::new(D::NAME.to_string(), "nodes", Kind::Depth);
    enter::<D, Rc>(&mut entry);
    enter::<D, Unsync>(&mut entry);
    #[cfg(feature = "peers")]
    {
        use crate::subject::peers;
        enter::<D, peers::Dumpster>(&mut entry);
        enter::<D, peers::RustCc>(&mut entry);
        enter::<D, peers::Gcmodule>(&mut entry);
        enter::<D, peers::Bacon>(&mut entry);
        enter::<D, peers::RustGc>(&mut entry);
        enter::<D, peers::BoaGc>(&mut entry);
        for (subject, start) in [
            ("gc-arena", peers::arena::start_deep(D::NAME)),
            ("CPython", peers::python::start(D::NAME)),
        ] {
            let (baseline, budget) = (None, Budget::None);
            entry.contenders.push(super::Contender { subject, baseline, budget, start });
        }
    }
    enter::<D, Arc>(&mut entry);
    enter::<D, Sync>(&mut entry);
    #[cfg(feature = "peers")]
    {
        use crate::subject::peers;
        enter::<D, peers::DumpsterSync>(&mut entry);
        enter::<D, peers::GcmoduleSync>(&mut entry);
        enter::<D, peers::Shredder>(&mut entry);
    }
    entry
}

fn enter<D: Deep, S: Subject>(entry: &mut Entry) {
    entry.enter::<S>(None, Budget::None, Start::Depth(D::run::<S>));
}

fn collect<S: Subject>() {
    S::collect();
    S::settle();
}

/// A list whose only handle is dropped.
struct List;

impl Deep for List {
    const NAME: &'static str = LARGEST_LIST;

    fn run<S: Subject>(size: usize) {
        let list =
            (1..size as u64).fold(S::cons(0, None), |list, value| S::cons(value, Some(list)));
        drop(black_box(list));
        collect::<S>();
    }
}

/// A ring; what cannot collect takes it apart.
struct Cycle;

impl Deep for Cycle {
    const NAME: &'static str = LARGEST_CYCLE;

    fn run<S: Subject>(size: usize) {
        let ring = ring::<S>(size);
        if !S::COLLECTS {
            S::take_next(&ring);
        }
        drop(black_box(ring));
        collect::<S>();
    }
}

/// A list, linked both ways, of which every node has lost a handle and has others.
struct Alive;

impl Deep for Alive {
    const NAME: &'static str = LARGEST_ALIVE;

    fn run<S: Subject>(size: usize) {
        let mut last = S::node(0, None);
        for value in 1..size as u64 {
            let node = S::node(value, None);
            S::set_next(&last, Some(node.clone()));
            S::set_previous(&node, Some(last));
            drop(black_box(node.clone()));
            last = node;
        }
        collect::<S>();
        // It never dies.
        mem::forget(black_box(last));
    }
}

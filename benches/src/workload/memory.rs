//! Bytes: of an object, and of what a collection needs beside the objects.

use super::ring::ring;
use super::{Budget, Entry, Kind, Runner, Workload, entry};
use crate::counter;
use crate::measure::Sample;
use crate::subject::Subject;

pub(super) fn entries() -> Vec<Entry> {
    vec![entry::<Object>(), entry::<Peak<true>>(), entry::<Peak<false>>()]
}

const OBJECTS: usize = 100_000;

/// What a node takes that has two links and a number: what the allocator is asked for.
struct Object;

impl Workload for Object {
    const UNIT: &'static str = "bytes";
    const KIND: Kind = Kind::Memory;
    const BUDGET: Budget = Budget::Figure(64.0);
    const SHARED_BUDGET: Budget = Budget::Figure(72.0);

    fn name() -> String {
        "bytes: a node with two links and a number".to_string()
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| {
            // What is kept of those of the last batch goes back.
            S::collect();
            let mut nodes = Vec::with_capacity(OBJECTS);
            let before = counter::live();
            nodes.extend((0..OBJECTS as u64).map(|value| S::node(value, None)));
            Sample::of_bytes(counter::live() - before, OBJECTS)
        })
    }
}

/// What there is at most, while rings of ten are collected, beyond what there was: with all of them alive
/// and recently touched, or with all of them garbage.
struct Peak<const ALIVE: bool>;

const RING: usize = 10;

impl<const ALIVE: bool> Workload for Peak<ALIVE> {
    const UNIT: &'static str = "bytes";
    const KIND: Kind = Kind::Memory;
    const FOR_COUNTED: bool = false;

    fn name() -> String {
        let what = if ALIVE { "alive" } else { "garbage" };
        format!("bytes: peak of a collection, per object, rings of 10, all {what}")
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| {
            let before = counter::live();
            let mut rings = Vec::with_capacity(OBJECTS / RING);
            rings.extend((0..OBJECTS / RING).map(|_| ring::<S>(RING)));
            for ring in &rings {
                drop(ring.clone());
            }
            if !ALIVE {
                S::quietly(|| rings.clear());
            }
            let built = counter::live() - before;
            let peak = counter::peak_of(|| {
                S::collect();
                S::settle();
            });
            drop(rings);
            Sample::of_bytes(peak.saturating_sub(before + built), OBJECTS)
        })
    }
}

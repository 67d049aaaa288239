//! Breadth first, every state once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::time::{Duration, Instant};

use crate::check::{self, Violation};
use crate::setting::Setting;
use crate::state::State;
use crate::steps::{Label, Steps};

/// The end of an exploration.
#[derive(Debug)]
pub struct Outcome {
    /// How many states there are that differ in more than names.
    pub states: usize,
    /// How many steps were taken between them.
    pub steps: usize,
    /// How far the last state is from the first.
    pub depth: usize,
    /// How long it took.
    pub duration: Duration,
    /// The first thing that went wrong, and the way to it.
    pub found: Option<(Violation, Trace)>,
}

/// The way from the first state to one that should not be. Names are canonical in
/// each state anew, so two threads that are alike may change numbers on the way.
#[derive(Debug)]
pub struct Trace(pub Vec<(Label, State)>);

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (label, _) in &self.0 {
            writeln!(f, "  thread {} {} {}", label.thread, label.verb, label.number)?;
        }
        Ok(())
    }
}

/// Where each state was come from, both by fingerprint.
type Seen = HashMap<u64, u64, BuildHasherDefault<Identity>>;

/// Explores all of `setting`, or up to the first thing that is wrong.
#[must_use]
pub fn explore(setting: &Setting) -> Outcome {
    let start = Instant::now();
    let first = State::first(setting).canonical(setting);
    let mut seen = Seen::default();
    seen.insert(fingerprint(&first), 0);
    let mut outcome =
        Outcome { states: 0, steps: 0, depth: 0, duration: Duration::ZERO, found: None };
    let (mut frontier, mut next, mut found) = (vec![first], Vec::new(), Vec::new());
    'all: while !frontier.is_empty() {
        for state in &frontier {
            found.clear();
            if let Err((violation, last)) = look(setting, state, &mut found) {
                let mut trace = trace(setting, &seen, state);
                trace.0.extend(last.map(|label| (label, *state)));
                outcome.found = Some((violation, trace));
                break 'all;
            }
            let from = fingerprint(state);
            outcome.steps += found.len();
            for (_, result) in &found {
                let Ok(step) = result else { continue };
                let step = step.canonical(setting);
                if let Entry::Vacant(vacant) = seen.entry(fingerprint(&step)) {
                    vacant.insert(from);
                    next.push(step);
                }
            }
        }
        frontier.clear();
        std::mem::swap(&mut frontier, &mut next);
        outcome.depth += usize::from(!frontier.is_empty());
    }
    outcome.states = seen.len();
    outcome.duration = start.elapsed();
    outcome
}

type Found = Vec<(Label, Result<State, Violation>)>;

/// Checks `state` and finds the steps from it.
fn look(
    setting: &Setting,
    state: &State,
    found: &mut Found,
) -> Result<(), (Violation, Option<Label>)> {
    let here = |violation| (violation, None);
    check::always(setting, state).map_err(here)?;
    check::at_rest(setting, state).map_err(here)?;
    if let Some(thread) = Steps::all(setting, state, found) {
        check::waits(setting, state, thread).map_err(here)?;
    }
    for (label, result) in found.iter() {
        if let Err(violation) = result {
            return Err((*violation, Some(*label)));
        }
    }
    Ok(())
}

/// The steps that led to `last`, found again from the fingerprints.
fn trace(setting: &Setting, seen: &Seen, last: &State) -> Trace {
    let mut prints = vec![fingerprint(last)];
    while let Some(&before) = prints.last().and_then(|print| seen.get(print)) {
        if before == 0 {
            break;
        }
        prints.push(before);
    }
    let mut state = State::first(setting).canonical(setting);
    let (mut trace, mut found) = (Vec::new(), Vec::new());
    for print in prints.iter().rev().skip(1) {
        found.clear();
        Steps::all(setting, &state, &mut found);
        let step = found.iter().find_map(|(label, result)| {
            let next = result.as_ref().ok()?.canonical(setting);
            (fingerprint(&next) == *print).then_some((*label, next))
        });
        let Some((label, next)) = step else { break };
        trace.push((label, next));
        state = next;
    }
    Trace(trace)
}

fn fingerprint(state: &State) -> u64 {
    let mut hasher = Bytes::default();
    state.hash(&mut hasher);
    hasher.finish().max(1)
}

/// Hashes small numbers, eight at a time, each as a byte.
#[derive(Debug, Default)]
struct Bytes {
    mixed: u64,
    open: u64,
    filled: u32,
}

impl Bytes {
    fn mix(&mut self) {
        let product = u128::from(self.mixed ^ self.open ^ 0x9e37_79b9_7f4a_7c15)
            * u128::from(0xd1b5_4a32_d192_ed03_u64 ^ self.mixed.rotate_left(29));
        self.mixed = (product as u64) ^ ((product >> 64) as u64);
        (self.open, self.filled) = (0, 0);
    }
}

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u8(*byte));
    }

    fn write_u8(&mut self, byte: u8) {
        self.open |= u64::from(byte) << (8 * self.filled);
        self.filled += 1;
        if self.filled == 8 {
            self.mix();
        }
    }

    fn write_usize(&mut self, _: usize) {}

    // The number of a variant.
    fn write_isize(&mut self, number: isize) {
        self.write_u8(number as u8);
    }

    fn finish(&self) -> u64 {
        let mut last = Self { mixed: self.mixed, open: self.open, filled: self.filled };
        last.mix();
        last.mix();
        last.mixed
    }
}

/// What is hashed already.
#[derive(Debug, Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

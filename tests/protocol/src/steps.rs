//! What can happen next.

use crate::check::Violation;
use crate::setting::Setting;
use crate::state::{Op, State, Step};
use crate::{collector, drops, finalizers, mutator};

/// Who does what: one arrow of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The thread.
    pub thread: usize,
    /// What it does.
    pub verb: &'static str,
    /// With which object, cell or register: the verb says it.
    pub number: usize,
}

/// The next states of a state.
#[derive(Debug)]
pub struct Steps<'a> {
    /// What is explored.
    pub setting: &'a Setting,
    /// Where we are.
    pub state: &'a State,
    /// The thread that moves.
    thread: usize,
    /// Where each step leads.
    pub found: &'a mut Vec<(Label, Result<State, Violation>)>,
}

impl<'a> Steps<'a> {
    /// All steps of all threads are added to `found`. The threads that have begun
    /// something and cannot go on are returned.
    pub fn all(
        setting: &'a Setting,
        state: &'a State,
        found: &'a mut Vec<(Label, Result<State, Violation>)>,
    ) -> Option<usize> {
        let mut stuck = None;
        for thread in 0..setting.threads.len() {
            let before = found.len();
            let mut steps = Steps { setting, state, thread, found };
            steps.of_thread();
            if found.len() == before && !state.is_between(thread) {
                stuck = Some(thread);
            }
        }
        stuck
    }

    /// The steps of a thread that collects, for [`check`](crate::check).
    pub fn of(
        setting: &'a Setting,
        state: &'a State,
        thread: usize,
        found: &'a mut Vec<(Label, Result<State, Violation>)>,
    ) {
        Steps { setting, state, thread, found }.of_thread();
    }

    fn of_thread(&mut self) {
        let thread = self.thread;
        let now = self.state.threads[thread];
        let dismantles = self.state.next_to_dismantle(self.setting, thread).is_some();
        if now.op != Op::None || dismantles || !now.unpin.is_empty() {
            drops::steps(self, thread);
        } else if !now.finalizing.is_empty() {
            finalizers::steps(self, thread);
        } else if self.state.collects(thread) {
            collector::steps(self);
        } else {
            mutator::steps(self, thread);
            collector::start(self, thread);
        }
    }

    /// A step: `change` makes the next state.
    pub fn add(
        &mut self,
        verb: &'static str,
        number: usize,
        change: impl FnOnce(&mut State, &Setting) -> Result<(), Violation>,
    ) {
        let mut next = *self.state;
        let result = change(&mut next, self.setting).map(|()| next);
        self.found.push((Label { thread: self.thread, verb, number }, result));
    }
}

impl State {
    /// Whether `thread` has the collector's flag.
    #[must_use]
    pub fn collects(&self, thread: usize) -> bool {
        self.core.step != Step::Rest && usize::from(self.core.owner) == thread
    }

    /// Whether `thread` has begun nothing that it must end.
    #[must_use]
    pub fn is_between(&self, thread: usize) -> bool {
        self.threads[thread].is_idle() && !self.collects(thread)
    }
}

//! The first two steps: from the candidates to a graph, and what is alive in it.

use super::Turn;
use super::graph::{Exhausted, Graph};
use super::small::Small;
use super::turns::Turns;
use crate::gc_box::Object;
use crate::heap::{self, Fate, Generation, Heap, Reach, Space, Spare, Store, append};
use crate::primitive::{mutated, survey_rest};
use crate::sharing::{Flags, Head, Sharing};
use crate::trace::{Found, Tracer};
use crate::unraisable::{UserCode, report};
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

/// Room is made for so many objects more than it takes.
const FEW: usize = 64;

/// So far ahead is looked in large arrays, for what will be needed from memory.
const LATER: usize = 16;

/// The same among candidates, each of which may lead to many others.
const SOON: usize = 4;

/// From so many on there is room for all that may come, and caches do not hold them.
const LARGE: usize = 1 << 16;

/// How often a collection looks at the graph because a trace has panicked, before it gives up.
pub(super) const MOST_LOOKS: usize = 8;

/// What a collection knows of the objects that it looks at.
///
/// While an object is in here its head says so (CAPTURED) and leads to its
/// number, and the snapshot holds a weak share of it. So whatever user code does
/// meanwhile, the box stays; the value may die, which DEAD tells.
#[derive(Debug)]
pub(super) struct Snapshot<S: Sharing> {
    /// By number. Those that have been let go are not looked at again.
    pub(super) objects: Vec<Object<S>>,
    /// For so many objects there is room in all arrays.
    room: usize,
    /// All objects may come.
    everything: bool,
    /// The first so many are the candidates.
    candidates: usize,
    pub(super) graph: Graph,
    /// What is known of each, by number.
    pub(super) fates: Vec<Fate>,
    /// A trace has panicked since the graph was begun.
    panicked: bool,
    /// A trace has panicked at all.
    uncertain: bool,
    /// Which object owns the handle of which weak callback.
    pub(super) callbacks: Vec<(u32, (NonNull<()>, u64))>,
    pub(super) found: Found,
    /// What traces have panicked with, and the types of their objects. The hook is user code, so it
    /// hears of them when others may collect.
    pub(super) panics: Vec<(&'static str, Box<dyn Any + Send>)>,
    /// Those that were ended before all this.
    pub(super) small: Small<S>,
}

/// An object with more edges into it than handles to it: some `Trace` is wrong.
#[derive(Debug)]
pub(super) struct Overcounted {
    pub(super) type_name: &'static str,
    pub(super) edges: usize,
    pub(super) handles: usize,
    /// The types of the objects that show the edges.
    pub(super) sources: Vec<&'static str>,
}

impl<S: Space> Snapshot<S> {
    /// An empty one, in the room that the last has left.
    pub(super) fn new(spare: Spare<S>) -> Self {
        Snapshot {
            objects: spare.objects,
            room: 0,
            everything: false,
            candidates: 0,
            graph: Graph::in_room((spare.nodes, spare.targets)),
            fates: spare.fates,
            panicked: false,
            uncertain: false,
            callbacks: Vec::new(),
            found: Found { edges: spare.edges, ..Found::default() },
            panics: Vec::new(),
            small: Small::new(spare.small),
        }
    }

    /// Leaves its room to the next.
    pub(super) fn into_spare(self) -> Spare<S> {
        let (nodes, targets) = self.graph.into_room();
        let (objects, fates, edges) = (self.objects, self.fates, self.found.edges);
        Spare { objects, nodes, targets, fates, edges, small: self.small.into_spare() }
    }

    /// Tells the hook of the panics that there were.
    pub(super) fn report_panics(&mut self) {
        self.panics.extend(self.small.take_panic());
        for (type_name, payload) in self.panics.drain(..) {
            report(UserCode::Trace, type_name, payload);
        }
    }

    /// Captures the candidates in `drained`, which are those up to `generation`, and what they reach in generations
    /// up to `generation`, and marks what of it is alive.
    ///
    /// # Errors
    ///
    /// Where there is no memory for that; what was captured must then be given back.
    pub(super) fn survey(
        &mut self,
        heap: &Heap<S>,
        turn: &mut Turn<S>,
        drained: &mut <S::Store as Store<S>>::Drained,
        generation: Generation,
    ) -> Result<(), Exhausted> {
        let room = heap.store.capture_candidates(turn, drained, &mut (heap, &mut *self));
        self.candidates = self.objects.len();
        if !room {
            return Err(Exhausted);
        }
        let reach = heap.store.reach(turn, generation);
        self.everything = reach.is_everything();
        survey_rest(|| {
            self.trace_all(heap, Some(reach))?;
            self.mark_what_stands(heap)
        })
    }

    /// Looks once more at the suspects, and at their edges to each other.
    ///
    /// # Errors
    ///
    /// Where there is no memory; nothing new is known of any of them then.
    pub(super) fn resurvey(&mut self, heap: &Heap<S>) -> Result<(), Exhausted> {
        self.retrace(heap)?;
        self.mark_what_stands(heap)
    }

    /// Marks what is alive. A trace may have made handles of its own since others were counted,
    /// by weak ones for example; then it is looked once more. (Beside running threads that is
    /// what verification is for.)
    fn mark_what_stands(&mut self, heap: &Heap<S>) -> Result<(), Exhausted> {
        for _ in 0..MOST_LOOKS {
            self.retrace_after_panics(heap)?;
            self.mark()?;
            if S::Store::BESIDE || self.stands() {
                return Ok(());
            }
            self.retrace(heap)?;
        }
        Err(Exhausted)
    }

    /// Whether all suspects have the handles that they had when these were counted.
    fn stands(&self) -> bool {
        let all = self.fates.iter().zip(&self.objects).zip(self.graph.counted());
        let mut suspects = all.filter(|((fate, _), _)| **fate == Fate::Suspect);
        suspects.all(|((_, object), counted)| counted(object.head().handles()))
    }

    /// Begins the graph anew, with the suspects and their edges to each other.
    fn retrace(&mut self, heap: &Heap<S>) -> Result<(), Exhausted> {
        self.graph.clear();
        for (object, fate) in self.objects.iter().zip(&self.fates) {
            // Those are not captured any more, and may have been freed.
            let captured = !matches!(fate, Fate::Gone | Fate::Last);
            self.graph.enter(if captured { object.head().handles() } else { 0 });
        }
        self.callbacks.clear();
        self.trace_all(heap, None)
    }

    /// Looks again for as long as a trace panics: the panic hooks are user code
    /// and may have moved handles that were recorded. Whose trace panicked is a root
    /// and not traced again.
    fn retrace_after_panics(&mut self, heap: &Heap<S>) -> Result<(), Exhausted> {
        for _ in 0..MOST_LOOKS {
            if !std::mem::take(&mut self.panicked) {
                return Ok(());
            }
            self.uncertain = true;
            self.retrace(heap)?;
        }
        Err(Exhausted)
    }

    /// Room for at least `count` more objects in all arrays: as many again as there are, and in a
    /// large full collection for more of what may come, lest large arrays are moved time and again.
    #[cold]
    #[inline(never)]
    fn reserve(&mut self, heap: &Heap<S>, count: usize) -> Result<(), Exhausted> {
        let here = self.objects.len();
        // (A few in any case, lest each object asks anew when all that there are have been captured.)
        let all = here + count.max(here) + FEW;
        if here >= LARGE && self.everything {
            // (Leaves are among those that there are.)
            let most = heap.live().min(here.saturating_mul(4));
            if most > all && self.reserve_exactly(heap, most).is_ok() {
                return Ok(());
            }
        }
        self.reserve_exactly(heap, all)
    }

    fn reserve_exactly(&mut self, heap: &Heap<S>, all: usize) -> Result<(), Exhausted> {
        u32::try_from(all).map_err(|_| Exhausted)?;
        let here = self.objects.len();
        self.objects.try_reserve_exact(all - here)?;
        self.fates.try_reserve_exact(all - self.fates.len())?;
        self.graph.reserve_nodes(all)?;
        heap.store.reserve(all)?;
        self.room = all;
        Ok(())
    }

    /// Room for so many more objects.
    #[inline]
    pub(super) fn make_room(&mut self, heap: &Heap<S>, more: usize) -> Result<(), Exhausted> {
        if self.room - self.objects.len() < more { self.reserve(heap, more) } else { Ok(()) }
    }

    /// Room for what `found` leads to that is not captured yet.
    #[cold]
    #[inline(never)]
    fn make_room_for(
        &mut self,
        heap: &Heap<S>,
        found: &Found,
        reach: Reach,
    ) -> Result<(), Exhausted> {
        let is_new = |&&target: &&NonNull<()>| {
            // SAFETY: as in `record`, which comes next.
            let flags = unsafe { Object::<S>::from_target(target) }.head().flags();
            reach.takes(flags) && !flags.any(Flags::CAPTURED.with(Flags::LEAF))
        };
        let new = found.edges.iter().filter(is_new).count();
        self.make_room(heap, new)
    }

    /// Captures an object and gives it the next number. Room was made.
    #[inline]
    fn capture(&mut self, heap: &Heap<S>, object: Object<S>) -> u32 {
        let number = self.next_number();
        // It is traced soon.
        object.prefetch_value();
        heap.store.capture(object, number);
        self.push(object);
        number
    }

    #[inline]
    pub(super) fn next_number(&self) -> u32 {
        // See `reserve`.
        self.objects.len() as u32
    }

    /// Enters an object that the snapshot has taken hold of. Room was made.
    #[inline]
    pub(super) fn push(&mut self, object: Object<S>) {
        append(&mut self.objects, object);
        self.graph.enter(object.head().handles());
    }

    /// Whatever was captured and is not known of is a suspect. Room for that was made.
    pub(super) fn suspect_rest(&mut self) {
        self.fates.resize(self.objects.len(), Fate::Suspect);
    }

    /// Records the edges of all suspects. What they reach within `grow` is captured as well, and
    /// comes after them.
    fn trace_all(&mut self, heap: &Heap<S>, grow: Option<Reach>) -> Result<(), Exhausted> {
        let mut found = std::mem::take(&mut self.found);
        let mut turns = Turns::new(self.candidates);
        // Caught for all of them at once; after a panic it goes on with the next.
        let outcome = loop {
            let rest = || self.trace_rest(heap, grow, &mut found, &mut turns);
            match catch_unwind(AssertUnwindSafe(rest)) {
                Ok(outcome) => break outcome,
                Err(payload) => self.note_panic(heap, &mut found, turns.asked.take(), payload),
            }
        };
        self.found = found;
        outcome?;
        self.suspect_rest();
        Ok(())
    }

    /// The trace of object number `asked` has panicked.
    #[cold]
    fn note_panic(
        &mut self,
        heap: &Heap<S>,
        found: &mut Found,
        asked: Option<u32>,
        payload: Box<dyn Any + Send>,
    ) {
        found.release();
        found.callbacks.clear();
        let object = asked.map(|number| self.objects[number as usize]);
        let name = object.map_or("?", |object| object.type_name());
        if S::Store::BESIDE {
            object.into_iter().for_each(|object| self.small.forget_panic(object));
            self.panics.push((name, payload));
        } else {
            report(UserCode::Trace, name, payload);
        }
        if let Some(object) = object {
            let_be(heap, object);
        }
        self.suspect_rest();
        if let Some(number) = asked {
            self.fates[number as usize] = Fate::Root;
        }
        self.panicked = true;
    }

    /// Traces those whose turn has not come.
    fn trace_rest(
        &mut self,
        heap: &Heap<S>,
        grow: Option<Reach>,
        found: &mut Found,
        turns: &mut Turns,
    ) -> Result<(), Exhausted> {
        while let Some(number) = turns.next(self.candidates, self.objects.len()) {
            // (Nothing is decided in the first look but of those whose turn has been.)
            let decided = grow.is_none() && self.fates[number] != Fate::Suspect;
            let object = self.objects[number];
            if number < self.candidates {
                self.look_ahead(number);
            }
            if decided || object.head().flags().any(Flags::DEAD) {
                continue;
            }
            found.edges.clear();
            hold::<S>(object);
            let number = number as u32;
            turns.asked = Some(number);
            // SAFETY: the value is not dropped, and the handle just taken keeps it;
            // a unique reference to it can't be had while a tracer reaches it. The guards are
            // released before that handle is dropped.
            unsafe { heap::trace(object, &mut Tracer::new(S::KIND, found)) };
            if mutated!("discovery_unlocks_before_capture") {
                found.release();
            }
            let recorded = self.record(heap, number, grow, found);
            // Not before: what the edges lead to is there for as long as the locks are held.
            found.release();
            let_be(heap, object);
            recorded?;
        }
        Ok(())
    }

    /// A candidate whose turn comes soon was last touched before all others were captured.
    #[inline]
    fn look_ahead(&self, candidate: usize) {
        if let Some(ahead) = self.objects.get(candidate + SOON) {
            ahead.prefetch();
            ahead.prefetch_value();
        }
    }

    /// Enters what object `number` has shown.
    #[inline]
    fn record(
        &mut self,
        heap: &Heap<S>,
        number: u32,
        grow: Option<Reach>,
        found: &mut Found,
    ) -> Result<(), Exhausted> {
        if found.exhausted {
            return Err(Exhausted);
        }
        if !found.callbacks.is_empty() {
            self.record_callbacks(number, found)?;
        }
        if let Some(reach) = grow
            && self.room - self.objects.len() < found.edges.len()
        {
            self.make_room_for(heap, found, reach)?;
        }
        self.graph.reserve_edges(found.edges.len())?;
        let start = self.graph.place();
        for &target in &found.edges {
            // SAFETY: the tracer was shown this edge just now by an object that
            // owns the handle (obligation 1 of `Trace`), and nothing was dropped since:
            // what other threads could drop stands behind locks that are still held (5).
            let target = unsafe { Object::from_target(target) };
            if let Some(target) = self.number_of(heap, target, grow) {
                self.graph.add_edge(target);
            }
        }
        self.graph.assign(number, start);
        Ok(())
    }

    #[cold]
    fn record_callbacks(&mut self, owner: u32, found: &mut Found) -> Result<(), Exhausted> {
        self.callbacks.try_reserve(found.callbacks.len())?;
        self.callbacks.extend(found.callbacks.drain(..).map(|callback| (owner, callback)));
        Ok(())
    }

    /// The number of an edge's target, or `None` if it counts as outside. Room for it was made.
    #[inline]
    fn number_of(&mut self, heap: &Heap<S>, target: Object<S>, grow: Option<Reach>) -> Option<u32> {
        let head = target.head();
        let flags = head.flags();
        if flags.any(Flags::CAPTURED) {
            return Some(head.slot());
        }
        let outside = Flags::LEAF.with(Flags::DEAD);
        match grow {
            Some(reach) if reach.takes(flags) && !flags.any(outside) => {
                Some(self.capture(heap, target))
            }
            _ => None,
        }
    }

    /// Trial deletion: an object with handles that no recorded edge accounts for
    /// is held from outside, and so is what it reaches.
    ///
    /// One with *fewer* handles than edges has a wrong `Trace` pointing to it;
    /// it is kept, which is safe, and [`Overcounted`] tells of it.
    fn mark(&mut self) -> Result<(), Exhausted> {
        #[cfg(all(test, loom))]
        if crate::primitive::guess::ALL.get() {
            return Ok(());
        }
        let Snapshot { graph, fates, .. } = self;
        let mut held = false;
        for (fate, unexplained) in fates.iter_mut().zip(graph.unexplained()) {
            if *fate == Fate::Suspect && unexplained {
                *fate = Fate::Root;
            }
            held |= *fate == Fate::Root;
        }
        if !held {
            // All that was captured is garbage.
            return Ok(());
        }
        let fates = Cell::from_mut(&mut fates[..]).as_slice_of_cells();
        let is_live = |number: u32| {
            let fate = &fates[number as usize];
            if fate.get() == Fate::Root {
                fate.set(Fate::Live);
            }
            fate.get() == Fate::Live
        };
        graph.mark(is_live, |number| {
            let fate = &fates[number as usize];
            let new = matches!(fate.get(), Fate::Suspect | Fate::Root);
            if new {
                fate.set(Fate::Live);
            }
            new
        })
    }

    /// The first object with more edges into it than handles to it, if there is one.
    pub(super) fn overcounted(&self) -> Option<Overcounted> {
        let wrong =
            |&number: &usize| self.fates[number] == Fate::Live && self.graph.is_overcounted(number);
        let number = (0..self.objects.len()).find(wrong)?;
        let target = u32::try_from(number).ok()?;
        let sources = self.graph.sources(target).map(|source| self.objects[source].type_name());
        Some(Overcounted {
            type_name: self.objects[number].type_name(),
            edges: self.graph.incoming(target),
            handles: self.objects[number].head().handles(),
            sources: sources.collect(),
        })
    }

    /// How many objects have this fate.
    pub(super) fn count(&self, fate: Fate) -> usize {
        self.fates.iter().filter(|&&other| other == fate).count()
    }

    /// The objects with this fate, in the order they were met.
    pub(super) fn with_fate(&self, fate: Fate) -> impl Iterator<Item = Object<S>> + '_ {
        self.fates
            .iter()
            .zip(&self.objects)
            .filter(move |&(&other, _)| other == fate)
            .map(|(_, &object)| object)
    }

    /// The same, with their numbers.
    pub(super) fn numbered(&self, fate: Fate) -> impl Iterator<Item = (u32, Object<S>)> + '_ {
        (0..)
            .zip(self.fates.iter().zip(&self.objects))
            .filter(move |&(_, (&other, _))| other == fate)
            .map(|(number, (_, &object))| (number, object))
    }

    /// How many candidates there were.
    pub(super) fn candidates(&self) -> usize {
        self.candidates
    }

    /// How many objects were captured.
    pub(super) fn visited(&self) -> usize {
        self.objects.len()
    }

    /// Whether some trace panicked, so that garbage may have been taken for alive.
    pub(super) fn is_uncertain(&self) -> bool {
        self.uncertain
    }

    /// The callbacks whose handle an object with this fate owns.
    pub(super) fn callbacks_of(&self, fate: Fate) -> impl Iterator<Item = (NonNull<()>, u64)> + '_ {
        self.callbacks
            .iter()
            .filter(move |(owner, _)| self.fates[*owner as usize] == fate)
            .map(|&(_, callback)| callback)
    }

    /// Asks `f` for the new fate of every object with fate `fate`, given its number.
    pub(super) fn settle(&mut self, fate: Fate, f: impl FnMut(usize, Object<S>) -> Fate) {
        if self.objects.len() >= LARGE {
            self.settle_in_memory(fate, f);
        } else {
            self.settle_each::<false>(fate, f);
        }
    }

    /// The same where the caches do not hold all of them.
    #[inline(never)]
    fn settle_in_memory(&mut self, fate: Fate, f: impl FnMut(usize, Object<S>) -> Fate) {
        self.settle_each::<true>(fate, f);
    }

    #[inline]
    fn settle_each<const AHEAD: bool>(
        &mut self,
        fate: Fate,
        mut f: impl FnMut(usize, Object<S>) -> Fate,
    ) {
        for (number, (old, &object)) in self.fates.iter_mut().zip(&self.objects).enumerate() {
            if *old == fate {
                if AHEAD && let Some(ahead) = self.objects.get(number + LATER) {
                    ahead.prefetch();
                }
                *old = f(number, object);
            }
        }
    }
}

/// A handle to an object whose trace is about to run, in case it drops handles against the
/// rules; where the snapshot has none itself.
#[inline]
fn hold<S: Space>(object: Object<S>) {
    if !S::Store::BESIDE {
        object.head().retain();
    }
}

/// Gives back the handle that [`hold`] took.
#[inline]
fn let_be<S: Space>(heap: &Heap<S>, object: Object<S>) {
    if !S::Store::BESIDE {
        heap.unpin(object);
    }
}

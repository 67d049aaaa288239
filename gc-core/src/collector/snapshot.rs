//! The first two steps: from the candidates to a graph, and what is alive in it.

use super::graph::{Exhausted, Graph};
use crate::gc_box::Object;
use crate::heap::{Drained, Generation, Heap, Parked, Space};
use crate::sharing::{Flags, Head, Sharing};
use crate::trace::{Found, Tracer};
use crate::unraisable::{UserCode, guarded};
use std::ptr::NonNull;

/// How often a collection looks at the graph because a trace has panicked, before it gives up.
const MOST_LOOKS: usize = 8;

/// What a collection knows of the objects that it looks at.
///
/// While an object is in here its head says so (CAPTURED) and leads to its
/// number, and the snapshot holds a weak share of it. So whatever user code does
/// meanwhile, the box stays; the value may die, which DEAD tells.
#[derive(Debug)]
pub(super) struct Snapshot<S: Sharing> {
    /// By number. Those that have been let go are not looked at again.
    objects: Vec<Object<S>>,
    /// The first so many are the candidates.
    candidates: usize,
    graph: Graph,
    /// What is known of each, by number.
    fates: Vec<Fate>,
    /// A trace has panicked since the graph was begun.
    panicked: bool,
    /// A trace has panicked at all.
    uncertain: bool,
    /// Which object owns the handle of which weak callback.
    callbacks: Vec<(u32, (NonNull<()>, u64))>,
    found: Found,
}

/// What is known of an object in a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing from outside is known to reach it.
    Suspect,
    /// Held from outside; what it reaches has yet to be marked.
    Root,
    /// Reachable from outside.
    Live,
    /// Let go: no longer captured, and maybe freed.
    Gone,
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
    pub(super) fn new() -> Self {
        Snapshot {
            objects: Vec::new(),
            candidates: 0,
            graph: Graph::default(),
            fates: Vec::new(),
            panicked: false,
            uncertain: false,
            callbacks: Vec::new(),
            found: Found::default(),
        }
    }

    /// Captures the candidates in `drained` and what they reach in generations
    /// up to `generation`, and marks what of it is alive.
    ///
    /// # Errors
    ///
    /// Where there is no memory for that; what was captured must then be given back.
    pub(super) fn survey(
        &mut self,
        heap: &Heap<S>,
        drained: &Drained<S>,
        generation: Generation,
    ) -> Result<(), Exhausted> {
        self.capture_candidates(heap, drained)?;
        let mut next = 0;
        while next < self.objects.len() {
            self.trace_next(heap, next, Some(generation))?;
            next += 1;
        }
        self.graph.finish()?;
        self.retrace_after_panics(heap)?;
        self.mark()
    }

    /// Looks once more at the suspects, and at their edges to each other.
    ///
    /// # Errors
    ///
    /// Where there is no memory; nothing new is known of any of them then.
    pub(super) fn resurvey(&mut self, heap: &Heap<S>) -> Result<(), Exhausted> {
        self.retrace(heap)?;
        self.retrace_after_panics(heap)?;
        self.mark()
    }

    /// Begins the graph anew, with the suspects and their edges to each other.
    fn retrace(&mut self, heap: &Heap<S>) -> Result<(), Exhausted> {
        self.graph.reset(self.objects.len())?;
        self.callbacks.clear();
        for index in 0..self.objects.len() {
            if self.fates[index] == Fate::Suspect {
                self.trace_next(heap, index, None)?;
            } else {
                self.graph.begin_node()?;
            }
        }
        self.graph.finish()
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

    /// All candidates, or, where there is no memory for them all, none.
    fn capture_candidates(
        &mut self,
        heap: &Heap<S>,
        drained: &Drained<S>,
    ) -> Result<(), Exhausted> {
        let mut parked = heap.parked.borrow_mut();
        let count = drained.iter().count();
        if u32::try_from(count).is_err() {
            return Err(Exhausted);
        }
        parked.try_reserve(count)?;
        self.objects.try_reserve(count)?;
        self.fates.try_reserve(count)?;
        self.graph.reset(count)?;
        for (object, shares) in drained.iter() {
            object.head().clear(Flags::BUFFERED);
            self.enter(&mut parked, object, shares, false)?;
        }
        self.candidates = count;
        Ok(())
    }

    /// Gives `object` the next number. Room for it has been reserved.
    #[inline]
    fn enter(
        &mut self,
        parked: &mut Vec<Parked>,
        object: Object<S>,
        shares: u32,
        touched: bool,
    ) -> Result<u32, Exhausted> {
        let number = u32::try_from(self.objects.len()).map_err(|_| Exhausted)?;
        self.objects.push(object);
        self.fates.push(Fate::Suspect);
        // `weak::retain` leaves room for this one.
        parked.push(Parked { shares: shares + 1, touched });
        object.head().set_slot(number);
        object.head().set(Flags::CAPTURED);
        Ok(number)
    }

    /// Records the edges of the object numbered `index`, which is the next in
    /// the graph. With a generation, what it reaches there is captured as well.
    fn trace_next(
        &mut self,
        heap: &Heap<S>,
        index: usize,
        grow: Option<Generation>,
    ) -> Result<(), Exhausted> {
        self.graph.begin_node()?;
        self.ask(heap, index)?;
        let owner = u32::try_from(index).map_err(|_| Exhausted)?;
        self.callbacks.try_reserve(self.found.callbacks.len())?;
        self.callbacks.extend(self.found.callbacks.drain(..).map(|callback| (owner, callback)));
        self.graph.reserve_edges(self.found.edges.len())?;
        for edge in 0..self.found.edges.len() {
            // SAFETY: the tracer was shown this edge just now by an object that
            // owns the handle (obligation 1 of `Trace`), and nothing was dropped since.
            let target = unsafe { Object::from_target(self.found.edges[edge]) };
            if let Some(number) = self.number_of(heap, target, grow)? {
                self.graph.add_edge(number);
            }
        }
        Ok(())
    }

    /// Has the object's value show its edges, into `found`.
    fn ask(&mut self, heap: &Heap<S>, index: usize) -> Result<(), Exhausted> {
        self.found.edges.clear();
        self.found.callbacks.clear();
        let object = self.objects[index];
        if object.head().flags().any(Flags::DEAD) {
            return Ok(());
        }
        // Held meanwhile, in case its trace drops handles against the rules.
        object.head().retain();
        let mut tracer = Tracer::new(S::KIND, &mut self.found);
        let finished = guarded(UserCode::Trace, object.type_namer(), || {
            // SAFETY: the value is not dropped, and the handle just taken keeps it;
            // a unique reference to it can't be had while a tracer reaches it.
            unsafe { object.trace(&mut tracer) };
        });
        heap.unpin(object);
        if finished.is_none() {
            self.found.edges.clear();
            self.found.callbacks.clear();
            self.fates[index] = Fate::Root;
            self.panicked = true;
        }
        if self.found.exhausted { Err(Exhausted) } else { Ok(()) }
    }

    /// The number of an edge's target, or `None` if it counts as outside.
    #[inline]
    fn number_of(
        &mut self,
        heap: &Heap<S>,
        target: Object<S>,
        grow: Option<Generation>,
    ) -> Result<Option<u32>, Exhausted> {
        let head = target.head();
        let flags = head.flags();
        if flags.any(Flags::CAPTURED) {
            return Ok(Some(head.slot()));
        }
        let outside = Flags::LEAF.with(Flags::DEAD);
        match grow {
            Some(generation)
                if flags.generation() <= generation as usize && !flags.any(outside) =>
            {
                self.capture(heap, target).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Captures an object that an edge has led to.
    #[inline]
    fn capture(&mut self, heap: &Heap<S>, object: Object<S>) -> Result<u32, Exhausted> {
        let mut parked = heap.parked.borrow_mut();
        parked.try_reserve(1)?;
        self.objects.try_reserve(1)?;
        self.fates.try_reserve(1)?;
        self.graph.add_node()?;
        // Buffered since the candidates were drained: by what a trace has dropped.
        let touched = object.head().flags().any(Flags::BUFFERED);
        heap.forget(object);
        let shares = object.head().slot();
        self.enter(&mut parked, object, shares, touched)
    }

    /// Trial deletion: an object with handles that no recorded edge accounts for
    /// is held from outside, and so is what it reaches.
    ///
    /// One with *fewer* handles than edges has a wrong `Trace` pointing to it;
    /// it is kept, which is safe, and [`Overcounted`] tells of it.
    fn mark(&mut self) -> Result<(), Exhausted> {
        let Snapshot { objects, graph, fates, .. } = self;
        for (object, (number, fate)) in objects.iter().zip((0..).zip(fates.iter_mut())) {
            if *fate == Fate::Suspect && object.head().strong() != graph.incoming(number) {
                *fate = Fate::Root;
            }
        }
        let fates = std::cell::Cell::from_mut(&mut fates[..]).as_slice_of_cells();
        let roots = (0..).zip(fates).filter(|(_, fate)| fate.get() == Fate::Root);
        graph.mark(roots.map(|(number, _)| number), |number| {
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
        let wrong = |&number: &usize| {
            self.fates[number] == Fate::Live
                && self.objects[number].head().strong() < self.graph.incoming(number)
        };
        let number = (0..self.objects.len()).find(wrong)?;
        let sources = u32::try_from(number).map(|target| self.graph.sources(target));
        let sources = sources.into_iter().flatten().map(|source| self.objects[source].type_name());
        Some(Overcounted {
            type_name: self.objects[number].type_name(),
            edges: self.graph.incoming(number),
            handles: self.objects[number].head().strong(),
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

    /// Asks `f` for the new fate of every object with fate `fate`, given whether it
    /// was a candidate.
    pub(super) fn settle(&mut self, fate: Fate, mut f: impl FnMut(Object<S>, bool) -> Fate) {
        for (number, old) in self.fates.iter_mut().enumerate() {
            if *old == fate {
                *old = f(self.objects[number], number < self.candidates);
            }
        }
    }
}

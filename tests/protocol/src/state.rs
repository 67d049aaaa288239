//! Everything that exists at one moment.

use crate::set::Set;
use crate::setting::{Kind, Setting};

/// The most objects.
pub const OBJECTS: usize = 3;
/// The most cells of all objects.
pub const CELLS: usize = 6;
/// The most threads.
pub const THREADS: usize = 4;
/// The most registers of a thread.
pub const REGISTERS: usize = 3;
/// The most guards of a thread.
pub const GUARDS: usize = 2;

/// A strong or weak handle, or the lack of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(u8);

impl Handle {
    /// No handle.
    pub const NONE: Self = Self(0);

    /// A handle that keeps `object` alive.
    #[must_use]
    pub const fn strong(object: usize) -> Self {
        Self(1 + 2 * object as u8)
    }

    /// A handle that keeps the memory of `object`.
    #[must_use]
    pub const fn weak(object: usize) -> Self {
        Self(2 + 2 * object as u8)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The object that this keeps alive.
    #[must_use]
    pub fn target(self) -> Option<usize> {
        (self.0 % 2 == 1).then_some(usize::from(self.0 / 2))
    }

    /// The object that this leads to weakly.
    #[must_use]
    pub fn weak_target(self) -> Option<usize> {
        (self.0 != 0 && self.target().is_none()).then(|| usize::from(self.0 / 2 - 1))
    }
}

/// How far an object has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Life {
    /// Not allocated yet.
    #[default]
    Unborn,
    /// The value is intact.
    Alive,
    /// The value's drop has begun.
    Dropped,
    /// The memory is given back.
    Freed,
}

/// The word of the box: what pass 1 and pass 2 compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word {
    /// Strong handles and pins.
    pub count: u8,
    /// Set by pass 1, cleared by each drop.
    pub seen: bool,
    /// Set in pass 2 on an object with weak handles.
    pub claimed: bool,
    /// Set when the collector decides.
    pub dead: bool,
    /// There is, or will be at once, an entry in a candidate buffer.
    pub buffered: bool,
}

/// A box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// How far it has come.
    pub life: Life,
    /// Count and flags.
    pub word: Word,
    /// Weak handles, one share of the value and one of a buffer's entry.
    pub weak: u8,
    /// Its finalizer has run.
    pub finalized: bool,
    /// It has survived a young collection.
    pub old: bool,
}

/// What keeps the object of a guarded cell alive, and so cannot be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Via {
    /// A register of the thread.
    Register(u8),
    /// What stands in the cell of another guard of the thread.
    Guard(u8),
}

/// A lock that a mutator holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guard {
    /// The locked cell.
    pub cell: u8,
    /// Whether it may be written.
    pub exclusive: bool,
    /// Where the thread got to the cell from.
    pub via: Via,
}

/// A drop that has begun. The handle is in no register or cell any more, or has
/// been counted down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// None.
    #[default]
    None,
    /// The entry's share is taken, the compare-exchange comes next.
    Count(u8),
    /// Counted down and BUFFERED set; the push comes next.
    Push(u8),
    /// Counted down; the share was not needed and goes back.
    Return(u8),
    /// Of [`Variant::PushAfterDecrement`](crate::Variant): share and push come next.
    PushLate(u8),
}

/// A thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thread {
    /// The handles on its stack.
    pub registers: [Handle; REGISTERS],
    /// The locks it holds.
    pub guards: [Option<Guard>; GUARDS],
    /// The drop that it is in.
    pub op: Op,
    /// The objects whose values it is dropping.
    pub dying: Set,
    /// The pins that it still has to give back.
    pub unpin: Set,
    /// The suspects that it runs finalizers of, still pinned.
    pub finalizing: Set,
}

/// Where the collection stands that has the collector's flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Nobody has the flag.
    #[default]
    Rest,
    /// 1: the next entry of `todo`.
    Drain,
    /// 1: give back the share of this entry.
    DrainShare(u8),
    /// 2: the next cell of a pinned object.
    Discover,
    /// 3: decide on G.
    Choose,
    /// 4: this cell.
    Lock(u8),
    /// 5: this object.
    Pass1(u8),
    /// Of `ReadTwice`: this cell again.
    Reread(u8),
    /// 6.
    Unlock,
    /// 7: the weak count of this object.
    Weak(u8),
    /// 7: the word of this object, and whether it has weak handles.
    Word(u8, bool),
    /// Of `WeakAfterWord`: the weak count of this object.
    WeakLate(u8),
    /// 8 with the flag held, of the variants that do so.
    Finalizers,
    /// 9: DEAD on this object.
    Commit(u8),
    /// 10: the pin of this object, if it is not the last that keeps it.
    Unpin(u8),
}

/// What the collection knows that has the collector's flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Core {
    /// Where it stands.
    pub step: Step,
    /// The thread that runs it.
    pub owner: u8,
    /// Old objects are left alone.
    pub young: bool,
    /// Entries taken from the buffers and not drained yet.
    pub todo: Set,
    /// The candidates that were alive.
    pub drained: Set,
    /// The pinned objects.
    pub pinned: Set,
    /// The cells that discovery has looked at.
    pub visited: Set,
    /// G.
    pub suspects: Set,
    /// The targets of the handles that step 4 has recorded, by cell.
    pub edges: [Handle; CELLS],
    /// The locks of step 4.
    pub guards: Set,
    /// The words of pass 1.
    pub first: [Word; OBJECTS],
    /// G is to be finalized before it can be decided on.
    pub finalize: bool,
    /// This is the verification after the finalizers.
    pub again: bool,
    /// No part of the protocol: what was garbage at step 3 and nobody has upgraded
    /// since. It has to be in G to the end.
    pub doomed: Set,
}

/// Everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct State {
    /// The boxes.
    pub objects: [Object; OBJECTS],
    /// What the cells hold.
    pub cells: [Handle; CELLS],
    /// The threads.
    pub threads: [Thread; THREADS],
    /// The collection under way.
    pub core: Core,
    /// The buffer of young candidates.
    pub young: Set,
    /// The buffer of old candidates.
    pub old: Set,
}

impl State {
    /// The state at first.
    #[must_use]
    pub fn first(setting: &Setting) -> Self {
        let mut state = Self::default();
        state.cells[..setting.held.len()].copy_from_slice(&setting.held);
        for (thread, held) in state.threads.iter_mut().zip(&setting.threads) {
            thread.registers[..held.len()].copy_from_slice(held);
        }
        let all = setting.held.iter().chain(setting.threads.iter().flatten());
        for &handle in all {
            if let Some(object) = handle.target() {
                state.objects[object].word.count += 1;
                state.objects[object].life = Life::Alive;
            } else if let Some(object) = handle.weak_target() {
                state.objects[object].weak += 1;
            }
        }
        for object in &mut state.objects {
            object.weak += u8::from(object.life == Life::Alive);
        }
        state
    }

    /// The guards that threads hold on `cell`, with the threads.
    pub fn holders(&self, cell: usize) -> impl Iterator<Item = (usize, Guard)> + '_ {
        self.threads.iter().enumerate().flat_map(move |(number, thread)| {
            let guards = thread.guards.iter().flatten();
            guards
                .filter(move |held| usize::from(held.cell) == cell)
                .map(move |held| (number, *held))
        })
    }

    /// Whether the collector can lock `cell` now.
    #[must_use]
    pub fn collector_can_lock(&self, setting: &Setting, cell: usize) -> bool {
        match setting.kind(cell) {
            Kind::Mutex => self.holders(cell).next().is_none(),
            Kind::RwLock => !self.holders(cell).any(|(_, guard)| guard.exclusive),
            Kind::Once | Kind::Immutable => true,
        }
    }

    /// Whether a mutator can lock `cell` now.
    #[must_use]
    pub fn mutator_can_lock(&self, setting: &Setting, cell: usize, exclusive: bool) -> bool {
        if exclusive || setting.kind(cell) == Kind::Mutex {
            self.holders(cell).next().is_none() && !self.core.guards.has(cell)
        } else {
            !self.holders(cell).any(|(_, guard)| guard.exclusive)
        }
    }

    /// The same state under the names that stand for all states which differ in
    /// the order of registers, or of threads that are alike.
    #[must_use]
    pub fn canonical(mut self, setting: &Setting) -> Self {
        self.forget_what_nobody_asks(setting);
        for thread in &mut self.threads[..setting.threads.len()] {
            thread.sort_registers();
        }
        for left in 1..setting.threads.len() {
            for right in (1..=left).rev() {
                let alike = setting.threads[right - 1].len() == setting.threads[right].len()
                    && setting.collectors.has(right - 1) == setting.collectors.has(right);
                if alike && self.key(right) > self.key(right - 1) {
                    self.swap_threads(right - 1, right);
                }
            }
        }
        self
    }

    /// SEEN, the word of pass 1 and the edges mean something for members of G
    /// alone: pass 1 sets the flag whatever it was.
    fn forget_what_nobody_asks(&mut self, setting: &Setting) {
        for object in (0..OBJECTS).filter(|object| !self.core.suspects.has(*object)) {
            self.objects[object].word.seen = false;
            self.core.first[object] = Word::default();
        }
        for (cell, (owner, _)) in setting.cells.iter().enumerate() {
            if !self.core.suspects.has(*owner) {
                self.core.edges[cell] = Handle::NONE;
            }
        }
    }

    fn key(&self, thread: usize) -> (bool, Thread) {
        let collects = self.core.step != Step::Rest && usize::from(self.core.owner) == thread;
        (collects, self.threads[thread])
    }

    fn swap_threads(&mut self, left: usize, right: usize) {
        self.threads.swap(left, right);
        if self.core.step != Step::Rest {
            let owner = usize::from(self.core.owner);
            if owner == left {
                self.core.owner = right as u8;
            } else if owner == right {
                self.core.owner = left as u8;
            }
        }
    }
}

impl Thread {
    fn sort_registers(&mut self) {
        for end in 1..REGISTERS {
            for right in (1..=end).rev() {
                if self.registers[right] > self.registers[right - 1] {
                    self.registers.swap(right - 1, right);
                    self.rename(right as u8 - 1, right as u8);
                }
            }
        }
    }

    fn rename(&mut self, left: u8, right: u8) {
        for guard in self.guards.iter_mut().flatten() {
            guard.via = match guard.via {
                Via::Register(number) if number == left => Via::Register(right),
                Via::Register(number) if number == right => Via::Register(left),
                via => via,
            };
        }
    }

    /// Whether the thread is in the middle of nothing.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.op == Op::None && self.dying.or(self.unpin).or(self.finalizing).is_empty()
    }

    /// Whether a guard depends on `via`.
    #[must_use]
    pub fn uses(&self, via: Via) -> bool {
        self.guards.iter().flatten().any(|guard| guard.via == via)
    }
}

//! What is explored: how many of everything, and what is broken on purpose.

use crate::set::Set;
use crate::state::Handle;

/// What an object keeps a handle in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Locked by one at a time, the collector too.
    Mutex,
    /// Locked by one writer or by readers; the collector reads.
    RwLock,
    /// Without a lock: empty until it is set, and then unchanged.
    Once,
    /// Without a lock: what it held at first it holds always.
    Immutable,
}

/// What a value does when it is dropped, before its handles are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destructor {
    /// Nothing.
    Plain,
    /// Locks, and waits for, the cells of what the value's handle leads to.
    Locks,
    /// Upgrades the weak handles of the value and gives the result to a thread.
    Rescues,
}

/// The protocol, or the protocol less one thing. A row of the table of design
/// section 6 where not said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The protocol.
    Sound,
    /// A candidate is pushed, and its entry's share taken, after the decrement.
    PushAfterDecrement,
    /// The guards of step 4 are released before pass 1.
    UnlockBeforePass1,
    /// No guard is kept: each cell is read in step 4 and again after pass 1.
    ReadTwice,
    /// Pass 2 compares the counts alone.
    NoSeen,
    /// No pass 2.
    OnePass,
    /// Pass 2 reads the words of objects with weak handles, too, without a claim.
    NoClaim,
    /// Pass 2 reads the weak count after the word.
    WeakAfterWord,
    /// A claim is undone by storing the word of pass 1.
    UnclaimByStore,
    /// What leaves G leaves alone, and its edges still count.
    NoRecount,
    /// Pass 1 leaves out the recount: who fails takes along what it reaches.
    /// Not in the table, and sound.
    ClosureOnly,
    /// Pass 1 leaves out what a failure reaches: it only counts anew. Not in
    /// the table, and sound.
    RecountOnly,
    /// In pass 2, what fails leaves G alone. Not in the table.
    LeaveAlone,
    /// DEAD is set on an object, its value dropped, and then comes the next.
    DeadOneByOne,
    /// The box of each dead object is let go when its value has been dropped,
    /// though values of others in G lead to it still. Not in the table.
    FreeOneByOne,
    /// The claim mutex, and the claims, are held over a finalizer.
    ClaimOverFinalizer,
    /// The collector's flag is held over a finalizer that collects and waits.
    FlagOverFinalizer,
    /// `collect` waits for another's collection while a user's lock is held.
    CollectWaits,
    /// What leaves G in pass 1 is unpinned before the guards are released.
    UnpinUnderGuards,
    /// The drain drops the value of an entry with a count of zero.
    DrainFreesAtZero,
    /// BUFFERED is cleared when the collection ends.
    ClearBufferedAtEnd,
    /// A young collection forgets the candidates that survive it.
    ForgetSurvivors,
    /// One failure in pass 1 or 2 takes everything out of G.
    FailTogether,
    /// What survives the verification after its finalizers is unpinned without
    /// BUFFERED, though other collections have seen the pins. The letter of steps
    /// 8 and 10, and not in the table: see the crate's documentation.
    SilentAfterFinalizers,
    /// A pin that was the last under the flag is given back after it without
    /// BUFFERED, though an upgrade may have come between. Not in the table.
    SilentLastPin,
    /// Every pin is given back after the flag, and without BUFFERED. The letter of steps 9 and 10,
    /// and not in the table: see the crate's documentation.
    PinsOutliveFlag,
}

/// What is explored.
#[derive(Clone, Debug)]
pub struct Setting {
    /// What the output calls it.
    pub name: &'static str,
    /// The cells: whose, and of which kind.
    pub cells: Vec<(usize, Kind)>,
    /// What the cells hold at first.
    pub held: Vec<Handle>,
    /// How many objects there may be; those that nothing holds at first can be
    /// allocated.
    pub objects: usize,
    /// The threads: what their registers hold at first. A thread with no
    /// register is a collector and nothing else.
    pub threads: Vec<Vec<Handle>>,
    /// The threads that may collect.
    pub collectors: Set,
    /// How many guards a thread may hold.
    pub guards: usize,
    /// Whether mutators downgrade.
    pub weak: bool,
    /// Whether handles are sent from thread to thread without a lock.
    pub channels: bool,
    /// What values do when they are dropped.
    pub destructor: Destructor,
    /// Whether objects have finalizers.
    pub finalizers: bool,
    /// Whether there are two generations.
    pub generations: bool,
    /// Whether nothing is merged into one step that is not one in the code. See
    /// the crate's documentation for what is otherwise.
    pub small_steps: bool,
    /// What is broken.
    pub variant: Variant,
}

impl Setting {
    /// Objects with `cells`, empty, and one mutator less than `threads`: the last
    /// thread collects and does nothing else.
    #[must_use]
    pub fn new(name: &'static str, cells: &[(usize, Kind)], threads: &[&[Handle]]) -> Self {
        let objects = cells.iter().map(|(owner, _)| owner + 1).max().unwrap_or(0);
        let mut threads: Vec<Vec<Handle>> = threads.iter().map(|held| held.to_vec()).collect();
        threads.push(Vec::new());
        Self {
            name,
            cells: cells.to_vec(),
            held: vec![Handle::NONE; cells.len()],
            objects,
            collectors: Set::of(&[threads.len() - 1]),
            threads,
            guards: 1,
            weak: false,
            channels: false,
            destructor: Destructor::Plain,
            finalizers: false,
            generations: false,
            small_steps: false,
            variant: Variant::Sound,
        }
    }

    /// Cell `cell` holds `handle` at first.
    #[must_use]
    pub fn holding(mut self, cell: usize, handle: Handle) -> Self {
        self.held[cell] = handle;
        self
    }

    /// Mutators downgrade and upgrade.
    #[must_use]
    pub fn weak(mut self) -> Self {
        self.weak = true;
        self
    }

    /// Threads send handles to each other.
    #[must_use]
    pub fn channels(mut self) -> Self {
        self.channels = true;
        self
    }

    /// Threads hold up to `guards` guards.
    #[must_use]
    pub fn guards(mut self, guards: usize) -> Self {
        self.guards = guards;
        self
    }

    /// Another thread that only collects.
    #[must_use]
    pub fn two_collectors(mut self) -> Self {
        self.collectors.add(self.threads.len());
        self.threads.push(Vec::new());
        self
    }

    /// The mutators collect, too.
    #[must_use]
    pub fn mutators_collect(mut self) -> Self {
        self.collectors = Set::of(&(0..self.threads.len()).collect::<Vec<_>>());
        self
    }

    /// Values have this destructor.
    #[must_use]
    pub fn destructor(mut self, destructor: Destructor) -> Self {
        self.destructor = destructor;
        self
    }

    /// Objects have finalizers.
    #[must_use]
    pub fn finalizers(mut self) -> Self {
        self.finalizers = true;
        self
    }

    /// There is a young and an old generation.
    #[must_use]
    pub fn generations(mut self) -> Self {
        self.generations = true;
        self
    }

    /// Nothing is merged.
    #[must_use]
    pub fn small_steps(mut self) -> Self {
        self.small_steps = true;
        self
    }

    /// With one thing broken.
    #[must_use]
    pub fn broken(mut self, variant: Variant) -> Self {
        self.variant = variant;
        self
    }

    /// Whether `variant` is what is explored.
    #[must_use]
    pub fn is(&self, variant: Variant) -> bool {
        self.variant == variant
    }

    /// Whether taking and giving back a weak share is one step with the change of
    /// the word beside it. Only reading the weak count tells the difference.
    pub(crate) fn merges_shares(&self) -> bool {
        !self.small_steps && !self.weak
    }

    /// The same under other names: object `n` is called `names[n]`. The collector
    /// goes through objects by number, so this is another order.
    #[must_use]
    pub fn renamed(mut self, names: &[usize]) -> Self {
        let rename = |handle: Handle| {
            let strong = handle.target().map(|object| Handle::strong(names[object]));
            let weak = handle.weak_target().map(|object| Handle::weak(names[object]));
            strong.or(weak).unwrap_or(Handle::NONE)
        };
        for (owner, _) in &mut self.cells {
            *owner = names[*owner];
        }
        for handle in self.held.iter_mut().chain(self.threads.iter_mut().flatten()) {
            *handle = rename(*handle);
        }
        self
    }

    /// The cells of object `owner`.
    pub fn cells_of(&self, owner: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.cells.len()).filter(move |cell| self.cells[*cell].0 == owner)
    }

    /// The kind of a cell.
    #[must_use]
    pub fn kind(&self, cell: usize) -> Kind {
        self.cells[cell].1
    }
}

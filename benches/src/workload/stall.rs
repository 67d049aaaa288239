//! How long single operations take beside a million live objects, in wall time: what a thread
//! waits for the collector. What it waits for a processor is left out, where Linux tells.

use super::churn::{Live, SHORT, pair};
use super::{Budget, Entry, Kind, Runner, Workload, entry, here};
use crate::measure::{Sample, thread_time};
use crate::subject::{Arc, Rc, Subject, Swept, Sync, SyncBackground, SyncOff, Unsync};
use std::fmt::Write as _;
use std::fs::File;
use std::mem;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

/// Live objects, linked both ways.
const LIVE: usize = 1_000_000;
/// Operations in a batch.
const OPERATIONS: usize = 200_000;
/// As many at most, if a collection takes that long.
const MOST_OPERATIONS: usize = 3_000_000;
/// Live nodes that an operation changes.
const RELINKED: usize = 4;

pub(super) fn entries() -> Vec<Entry> {
    vec![
        entry::<Stall<100_000, SHORT, 999>>(),
        entry::<Stall<100_000, SHORT, 1000>>(),
        entry::<Stall<LIVE, SHORT, 1000>>(),
        of_list::<999>(),
        of_list::<1000>(),
    ]
}

/// The time that so many of a thousand operations stay below, beside `LIVE` objects in lists of `LIST`.
struct Stall<const LIVE: usize, const LIST: usize, const PER_MILLE: usize>;

impl<const LIVE: usize, const LIST: usize, const PER_MILLE: usize> Workload
    for Stall<LIVE, LIST, PER_MILLE>
{
    const UNIT: &'static str = if PER_MILLE == 1000 { "longest" } else { "99.9%" };
    const KIND: Kind = Kind::Wall;
    const BUDGET: Budget = budget(LIVE, PER_MILLE, 1e6);
    const SHARED_BUDGET: Budget = Budget::None;
    const BACKGROUND_BUDGET: Budget = budget(LIVE, PER_MILLE, 2e5);
    const FOR_BACKGROUND: bool = true;
    const ATTENDS: bool = true;

    fn name() -> String {
        stall_name(LIVE, LIST, PER_MILLE)
    }

    fn start<S: Subject>() -> Runner {
        stalls::<S>(LIVE, LIST, PER_MILLE)
    }
}

const fn budget(live: usize, per_mille: usize, nanoseconds: f64) -> Budget {
    if live == LIVE && per_mille == 1000 { Budget::Figure(nanoseconds) } else { Budget::None }
}

fn stall_name(live: usize, list: usize, per_mille: usize) -> String {
    let which = if per_mille == 1000 { "longest" } else { "99.9%" };
    let of = if live == list { "a list of " } else { "" };
    format!("stall beside {of}{live} live: {which}")
}

/// The same beside one list, with the collector in all of its places.
fn of_list<const PER_MILLE: usize>() -> Entry {
    let longest = PER_MILLE == 1000;
    let unit = if longest { "longest" } else { "99.9%" };
    let mut entry = Entry::new(stall_name(LIVE, LIVE, PER_MILLE), unit, Kind::Wall);
    let background = budget(LIVE, PER_MILLE, 2e5);
    let local = budget(LIVE, PER_MILLE, 1e6);
    entry.enter::<Rc>(None, Budget::None, here::<Rc>(list_of::<Rc, PER_MILLE>));
    entry.enter::<Unsync>(None, local, here::<Unsync>(list_of::<Unsync, PER_MILLE>));
    entry.enter::<Arc>(None, Budget::None, here::<Arc>(list_of::<Arc, PER_MILLE>));
    entry.enter::<SyncOff>(None, Budget::None, here::<SyncOff>(list_of::<SyncOff, PER_MILLE>));
    entry.enter::<Sync>(None, Budget::None, here::<Sync>(list_of::<Sync, PER_MILLE>));
    let start = here::<SyncBackground>(list_of::<SyncBackground, PER_MILLE>);
    entry.enter::<SyncBackground>(None, background, start);
    entry
}

fn list_of<S: Subject, const PER_MILLE: usize>() -> Runner {
    stalls::<S>(LIVE, LIVE, PER_MILLE)
}

fn stalls<S: Subject>(live: usize, list: usize, per_mille: usize) -> Runner {
    let live = Live::<S>::new(live, list);
    let mut times = Vec::new();
    Box::new(move || {
        batch(&live, &mut times, &mut Stopwatch::new(), |_, _| ());
        times.sort_unstable();
        let time = times[(times.len() - 1) * per_mille / 1000];
        Sample::of_time(Duration::from_nanos(time), 1)
    })
}

/// A 2-cycle that holds a live node is made and let go, and the links of some live nodes are taken
/// out and put back, which waits for their locks.
fn operation<S: Subject>(live: &Live<S>, index: usize) {
    pair::<S>(Some(live.pick(index)));
    for also in 0..RELINKED {
        let node = live.pick(index.wrapping_mul(RELINKED) + also);
        let next = S::take_next(node);
        S::set_next(node, next);
    }
}

/// A batch of operations with the wall time of each. `after` hears of each when its time is taken.
/// In the background there is a full collection meanwhile, and the batch goes on until it is over.
fn batch<S: Subject>(
    live: &Live<S>,
    times: &mut Vec<u64>,
    watch: &mut Stopwatch,
    mut after: impl FnMut(usize, Duration),
) -> Option<Swept> {
    let attended = S::attended();
    let (mut full, mut swept) = (None, None);
    times.clear();
    for index in 0..MOST_OPERATIONS {
        if index == OPERATIONS / 4 {
            // Some of the live ones have lost handles by now, and lead to all others.
            full = attended.as_ref().and_then(|attended| S::collect_beside(&**attended));
        }
        if index >= OPERATIONS && full.is_none() {
            break;
        }
        if index % STEP == 0
            && let Some(over) = full.as_mut().and_then(|full| full())
        {
            (full, swept) = (None, Some(over));
        }
        let time = watch.time(|| operation(live, index));
        times.push(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        after(index, time);
    }
    drop(attended);
    S::collect();
    S::settle();
    swept
}

/// What took longer is looked into.
const LONG: Duration = Duration::from_micros(200);
/// How many of them are shown, of each kind.
const SHOWN: usize = 4;
/// How often the thread's clocks are read between.
const STEP: usize = 16;

/// Where a thread's time goes.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    wall: Duration,
    /// It ran.
    running: Duration,
    /// It could have run, and others did.
    preempted: Duration,
}

impl Spent {
    fn since(self, earlier: Spent) -> Spent {
        Spent {
            wall: self.wall.saturating_sub(earlier.wall),
            running: self.running.saturating_sub(earlier.running),
            preempted: self.preempted.saturating_sub(earlier.preempted),
        }
    }

    /// It slept, which here is to wait for a lock.
    fn blocked(self) -> Duration {
        self.wall.saturating_sub(self.running + self.preempted)
    }
}

/// The clocks of the calling thread.
struct Clocks {
    started: Instant,
    /// Linux: time on the processor, time in the queue for one, turns.
    scheduler: Option<File>,
}

impl Clocks {
    fn new() -> Self {
        let scheduler = File::open("/proc/thread-self/schedstat").ok();
        Clocks { started: Instant::now(), scheduler }
    }

    fn read(&self) -> Spent {
        let mut text = [0; 80];
        let file = self.scheduler.as_ref();
        let length = file.and_then(|file| file.read_at(&mut text, 0).ok()).unwrap_or(0);
        let waited = std::str::from_utf8(&text[..length])
            .ok()
            .and_then(|text| text.split_whitespace().nth(1)?.parse().ok());
        Spent {
            wall: self.started.elapsed(),
            running: thread_time(),
            preempted: Duration::from_nanos(waited.unwrap_or(0)),
        }
    }
}

/// Takes the time of one operation after the other.
pub(crate) struct Stopwatch {
    /// Without them the time is all of it.
    clocks: Option<Clocks>,
    before: Spent,
    operations: usize,
}

/// Whatever takes longer may have waited for a processor.
const LOOKED_INTO: Duration = Duration::from_micros(20);

impl Stopwatch {
    /// One that leaves out what the thread waits for a processor.
    pub(crate) fn new() -> Self {
        Stopwatch { clocks: Some(Clocks::new()), ..Self::of_everything() }
    }

    /// One that does not.
    fn of_everything() -> Self {
        Stopwatch { clocks: None, before: Spent::default(), operations: 0 }
    }

    pub(crate) fn time(&mut self, operation: impl FnOnce()) -> Duration {
        if let Some(clocks) = self.clocks.as_ref().filter(|_| self.operations.is_multiple_of(STEP))
        {
            self.before = clocks.read();
        }
        self.operations += 1;
        let started = Instant::now();
        operation();
        let time = started.elapsed();
        match &self.clocks {
            Some(clocks) if time > LOOKED_INTO => {
                let now = clocks.read();
                let spent = now.since(mem::replace(&mut self.before, now));
                time.saturating_sub(spent.preempted)
            }
            _ => time,
        }
    }
}

/// A table of how long operations take with the collector off, where it is due and in the
/// background, and of what those beyond 200 µs wait for.
pub(crate) fn causes(batches: usize) -> String {
    let mut table = format!(
        "{:8} {:>9} {:>8} {:>8} {:>9} {:>7}  longest: all = running + preempted + blocked\n",
        "subject", "operation", "99.9%", "99.99%", "longest", "> 200us"
    );
    causes_of::<Arc>(&mut table, batches);
    causes_of::<SyncOff>(&mut table, batches);
    causes_of::<Sync>(&mut table, batches);
    causes_of::<SyncBackground>(&mut table, batches);
    table
}

fn causes_of<S: Subject>(table: &mut String, batches: usize) {
    let live = Live::<S>::new(LIVE, LIVE);
    let clocks = Clocks::new();
    let (mut all, mut times, mut long) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..=batches {
        let mut before = clocks.read();
        let swept = batch(&live, &mut times, &mut Stopwatch::of_everything(), |index, time| {
            if time > LONG {
                let now = clocks.read();
                long.push(now.since(before));
                before = now;
            } else if index % STEP == 0 {
                before = clocks.read();
            }
        });
        if number == 0 {
            // The first one fills what is empty yet.
            long.clear();
        } else {
            if let Some(Swept { visited, .. }) = swept {
                let _ = writeln!(
                    table,
                    "{:8} a full collection of {visited} during {} operations",
                    S::NAME,
                    times.len()
                );
            }
            all.append(&mut times);
        }
    }
    all.sort_unstable();
    let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize] as f64 / 1e3;
    let _ = writeln!(
        table,
        "{:8} {:7.2}us {:6.1}us {:6.1}us {:7.0}us {:>7}",
        S::NAME,
        at(0.5),
        at(0.999),
        at(0.9999),
        at(1.0),
        long.len(),
    );
    explain(table, &mut long);
}

/// What the long ones were about.
fn explain(table: &mut String, long: &mut [Spent]) {
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let cause = |name: &str, of: fn(&Spent) -> Duration| {
        let mostly = |spent: &&Spent| of(spent) * 2 > spent.wall;
        format!("{} mostly {name}", long.iter().filter(mostly).count())
    };
    let _ = writeln!(
        table,
        "         {}, {}, {}",
        cause("running", |spent| spent.running),
        cause("preempted", |spent| spent.preempted),
        cause("blocked", |spent| spent.blocked()),
    );
    // Those that others on the machine have least to do with, then the longest.
    long.sort_by_key(|spent| std::cmp::Reverse(spent.wall.saturating_sub(spent.preempted)));
    let own: Vec<Spent> = long.iter().copied().take(SHOWN).collect();
    long.sort_by_key(|spent| std::cmp::Reverse(spent.wall));
    for spent in own.iter().chain(long.iter().take(SHOWN)) {
        let _ = writeln!(
            table,
            "         {:7.0}us = {:.0} + {:.0} + {:.0}",
            micros(spent.wall),
            micros(spent.running),
            micros(spent.preempted),
            micros(spent.blocked())
        );
    }
}

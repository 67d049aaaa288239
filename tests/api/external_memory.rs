//! Memory that objects hold outside of the heap, and the collections that it calls for.

use super::gc::{self, ExternalMemory, Gc, alone, lock};
use gc_core::Generation::Young;
use gc_core::Trace;

const MIB: usize = 1 << 20;

/// An HTTP client that is part of a cycle.
#[derive(Trace)]
struct Client {
    transport: gc::Lock<Option<Gc<Transport>>>,
    /// What its TLS context takes, if that is reported.
    reported: Option<ExternalMemory>,
    held: Held,
}

#[derive(Trace)]
struct Transport(Gc<Client>);

/// Memory outside of the heap, as far as the test is concerned.
#[derive(Trace)]
#[trace(leaf)]
struct Held(gc::Shared<Outstanding>);

/// How many clients there are, and how many there were at once.
#[derive(Default)]
struct Outstanding(std::sync::Mutex<(usize, usize)>);

impl Outstanding {
    fn most(&self) -> usize {
        self.0.lock().expect("no panic").1 * MIB
    }
}

impl Held {
    fn new(all: &gc::Shared<Outstanding>) -> Held {
        {
            let mut all = all.0.lock().expect("no panic");
            all.0 += 1;
            all.1 = all.1.max(all.0);
        }
        Held(all.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.0.lock().expect("no panic").0 -= 1;
    }
}

fn client(all: &gc::Shared<Outstanding>, reports: bool) -> Gc<Client> {
    let reported = reports.then(|| ExternalMemory::new(MIB));
    let transport = gc::Lock::new(None);
    let client = Gc::new(Client { transport, reported, held: Held::new(all) });
    let transport = Gc::new(Transport(client.clone()));
    *lock(&client.transport) = Some(transport);
    client
}

fn runs() -> [usize; 3] {
    gc::stats().map(|stats| stats.collections)
}

/// CPython's GH-142516: a client per request, whose cycles hold TLS contexts, took 420 MB where 80
/// were needed: few objects, much memory.
#[test]
fn httpx_gh_142516_a_client_for_each_request_does_not_pile_up() {
    const REQUESTS: usize = 900;
    alone(|| {
        let all = gc::Shared::<Outstanding>::default();
        (0..REQUESTS).for_each(|_| drop(client(&all, false)));
        // Each is one candidate, and a collection comes after a thousand.
        assert_eq!((all.most(), runs()), (REQUESTS * MIB, [0; 3]));
        assert_eq!(gc::collect().collected, 2 * REQUESTS);
    });
    alone(|| {
        let all = gc::Shared::<Outstanding>::default();
        (0..REQUESTS).for_each(|_| drop(client(&all, true)));
        // A collection comes when they have grown by more than the threshold, and leaves nothing
        // but what the client of that moment reports.
        let threshold = gc::external_threshold();
        assert!(all.most() <= threshold + MIB, "{} MiB", all.most() / MIB);
        let collections = runs().iter().sum::<usize>();
        assert!(collections <= REQUESTS * MIB / threshold, "{collections} collections");
        let looked_at: [_; 3] = gc::stats().map(|stats| (stats.visited, stats.collected));
        assert!(looked_at.iter().all(|(visited, collected)| visited == collected), "{looked_at:?}");
    });
}

/// The worst case: they become garbage only when they are old.
#[test]
fn httpx_gh_142516_a_pool_of_clients_that_have_grown_old_does_not_pile_up() {
    const POOL: usize = 40;
    alone(|| {
        let all = gc::Shared::<Outstanding>::default();
        let threshold = 4 * MIB;
        gc::set_external_threshold(threshold);
        let mut pool = std::collections::VecDeque::new();
        let mut worst = 0;
        let mut left = 0;
        let mut full = 0;
        for _ in 0..4000 {
            pool.push_back(client(&all, true));
            if pool.len() > POOL {
                // It was in use, and so a candidate, for as long as it was in the pool.
                pool.iter().for_each(|client| drop(client.clone()));
                drop(pool.pop_front());
            }
            // What the last full collection has left is what it found in use, at most.
            if runs()[2] > full {
                full = runs()[2];
                left = gc::external_bytes();
            }
            worst = worst.max(gc::external_bytes());
            let bound = left + left / 2 + 5 * threshold + MIB;
            assert!(gc::external_bytes() <= bound, "{} of {bound}", gc::external_bytes());
        }
        assert!(worst <= 3 * POOL * MIB, "{} MiB for a pool of {POOL}", worst / MIB);
        assert!(full > 0, "only full collections find them: {:?}", runs());
        // Each full one is paid for by four thresholds of new clients at least.
        assert!(full <= 4000 * MIB / (4 * threshold), "{full} full collections");
    });
}

#[test]
fn the_total_follows_what_is_reported() {
    alone(|| {
        let (one, other) = (ExternalMemory::new(1000), ExternalMemory::default());
        assert_eq!((gc::external_bytes(), other.bytes()), (1000, 0));
        other.set(500);
        one.set(100);
        assert_eq!((gc::external_bytes(), one.bytes(), other.bytes()), (600, 100, 500));
        let object = Gc::new(Some(other));
        drop(one);
        assert_eq!(gc::external_bytes(), 500);
        drop(object);
        assert_eq!(gc::external_bytes(), 0);
        assert_eq!(format!("{:?}", ExternalMemory::new(7)), "ExternalMemory { bytes: 7 }");
    });
}

#[test]
fn growth_by_more_than_the_threshold_runs_a_collection() {
    alone(|| {
        assert_eq!(gc::external_threshold(), 16 * MIB);
        gc::set_external_threshold(1000);
        let memory = ExternalMemory::new(1000);
        assert_eq!(runs(), [0; 3]);
        memory.set(1001);
        assert_eq!(runs(), [1, 0, 0], "`set` does");
        memory.set(2001);
        assert_eq!(runs(), [1, 0, 0], "it is net growth since the last");
        let more = ExternalMemory::new(1);
        assert_eq!(runs(), [2, 0, 0], "`new` does");
        more.set(0);
        memory.set(10);
        memory.set(3002);
        assert_eq!(runs(), [2, 0, 0], "what is given back makes room");
        memory.set(3003);
        assert_eq!(runs(), [3, 0, 0]);
        drop((memory, more));
        assert_eq!(runs(), [3, 0, 0], "a drop never does");
    });
}

#[test]
fn a_full_collection_comes_after_four_thresholds() {
    alone(|| {
        gc::set_external_threshold(1000);
        let mut memory: Vec<_> = (0..3).map(|_| ExternalMemory::new(1001)).collect();
        assert_eq!(runs(), [3, 0, 0], "at 1001, 2002 and 3003");
        memory.push(ExternalMemory::new(1001));
        assert_eq!(runs(), [3, 0, 1]);
        drop(memory);
    });
}

#[test]
fn the_middle_generation_has_its_turn() {
    alone(|| {
        gc::set_external_threshold(1000);
        let memory = ExternalMemory::new(0);
        for _ in 0..24 {
            memory.set(1001);
            memory.set(0);
            let _ = gc::collect_generation(Young);
        }
        // Both kinds of young collections count, and every twelfth takes the middle one.
        assert!(runs()[1] >= 2, "{:?}", runs());
        assert_eq!(runs()[2], 0, "nothing was left that could have grown");
    });
}

#[test]
fn zero_switches_it_off() {
    alone(|| {
        gc::set_external_threshold(0);
        let memory = ExternalMemory::new(usize::MAX / 2);
        assert_eq!((runs(), gc::external_threshold()), ([0; 3], 0));
        gc::set_external_threshold(1);
        assert_eq!(runs(), [0; 3], "to set it starts nothing");
        memory.set(memory.bytes() + 1);
        assert_eq!(runs().iter().sum::<usize>(), 1);
    });
}

#[test]
fn switched_off_or_paused_nothing_starts() {
    alone(|| {
        gc::set_external_threshold(1000);
        gc::disable();
        let first = ExternalMemory::new(5000);
        assert_eq!(runs(), [0; 3]);
        gc::enable();
        let pause = gc::pause();
        let second = ExternalMemory::new(5000);
        assert_eq!(runs(), [0; 3]);
        drop(pause);
        let third = ExternalMemory::new(1);
        assert_eq!(runs().iter().sum::<usize>(), 1, "it is made up for");
        drop((first, second, third));
    });
}

#[test]
fn inside_a_collection_none_starts() {
    alone(|| {
        gc::set_external_threshold(1000);
        let log = gc_tests::Log::new();
        let node = gc::self_loop(0, &log);
        let kept = gc::Shared::new(gc::Slot::new(None));
        let inner = kept.clone();
        node.on_finalize(move |_, _| inner.set(Some(ExternalMemory::new(5000))));
        drop(node);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!((runs(), gc::external_bytes()), ([0, 0, 1], 5000));
        drop(ExternalMemory::new(1));
        assert_eq!(runs(), [0, 0, 1], "what the collection has left is no growth");
        drop(kept.take());
    });
}

#[test]
fn the_value_that_reports_is_not_collected_by_that() {
    alone(|| {
        gc::set_external_threshold(1000);
        let all = gc::Shared::<Outstanding>::default();
        let client = client(&all, true);
        let memory = client.reported.as_ref().expect("it reports");
        for bytes in (0..20).map(|step| step * 10_000) {
            memory.set(MIB + bytes);
        }
        assert_eq!((gc::live(), gc::external_bytes()), (2, MIB + 190_000));
        assert!(runs().iter().sum::<usize>() >= 10);
        drop(client);
        assert_eq!((gc::collect().collected, gc::external_bytes()), (2, 0));
    });
}

#[test]
fn frozen_memory_is_no_reason_to_collect_over_and_over() {
    alone(|| {
        gc::set_external_threshold(MIB);
        let all = gc::Shared::<Outstanding>::default();
        drop(client(&all, true));
        gc::freeze();
        let before = runs();
        (0..100).for_each(|_| drop(client(&all, true)));
        let now = runs();
        let since: Vec<_> = now.iter().zip(before).map(|(now, before)| now - before).collect();
        assert!(since.iter().sum::<usize>() <= 100, "{since:?}");
        assert!(all.most() <= 4 * MIB, "{} MiB", all.most() / MIB);
        gc::unfreeze();
        let _ = gc::collect();
        assert_eq!((gc::live(), gc::external_bytes()), (0, 0));
    });
}

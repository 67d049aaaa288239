//! Readers on several threads, who open and close pages at random.

use crate::arguments::Options;
use crate::cache::{Cache, Found};
use crate::document::{Ledger, PageId};
use gc_core::sync::{self, Profiler};
use gc_examples::program::{Error, check};
use gc_examples::report::{Report, counted};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

/// How many pages a reader has open.
const OPEN: usize = 3;

/// After how many bytes of new pages a collection is due. The usual 16 MiB are more than all that is
/// in use here.
const GARBAGE: usize = 2 << 20;

/// How often a page was found where.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    recent: usize,
    in_use: usize,
    loaded: usize,
    bytes: usize,
}

pub(crate) fn run(options: &Options, report: &mut Report) -> Result<(), Error> {
    let Options { threads, requests, books, pages, recent, .. } = *options;
    report.heading(format_args!(
        "{}, {} each, {} of {}, {recent} recent",
        counted(threads as usize, "reader", "readers"),
        counted(requests, "request", "requests"),
        counted(books as usize, "book", "books"),
        counted(pages as usize, "page", "pages"),
    ))?;
    let ledger = Arc::new(Ledger::default());
    // Pages that nobody can use any more take no more than this, whatever their number.
    sync::set_external_threshold(GARBAGE);
    let cache = Cache::new(recent, pages, ledger.clone());
    let profiler = Profiler::start("readers");
    let tally = thread::scope(|scope| {
        let cache = &cache;
        let reader = |number| move || read(cache, options, options.seed.wrapping_add(number));
        let readers: Vec<_> = (0..threads).map(|number| scope.spawn(reader(number))).collect();
        let tallies = readers.into_iter().filter_map(|reader| reader.join().ok());
        tallies.fold(Tally::default(), Tally::plus)
    });
    let profile = profiler.stop();

    let all = tally.recent + tally.in_use + tally.loaded;
    report.fact("hits, recent", tally.recent)?;
    report.fact("hits, in memory", tally.in_use)?;
    report.fact("misses", tally.loaded)?;
    report.fact("read", format_args!("{} KiB", tally.bytes / 1024))?;
    report.fact("collections", profile.collections())?;
    let loaded = ledger.loaded.load(Ordering::Relaxed);
    report.fact(
        "loaded",
        format_args!("{loaded}, {} of them twice at once", loaded - tally.loaded),
    )?;
    let vanished = || ledger.vanished.load(Ordering::Relaxed);
    report.fact("vanished", vanished())?;
    let left = sync::live();
    let (held, kib) = (cache.recent(), sync::external_bytes() / 1024);
    report.fact("in memory", format_args!("{left}, {held} of them held; {kib} KiB of content"))?;
    check(all == requests * threads as usize, || format!("{all} requests were answered"))?;
    check(loaded - vanished() == left, || "a page is there, or has vanished".into())?;

    cache.forget();
    let collected = sync::collect().collected;
    report.fact("at the end", format_args!("{collected} collected"))?;
    let (left, known) = (sync::live(), cache.in_memory());
    let bytes = sync::external_bytes();
    check((left, known, vanished(), bytes) == (0, 0, loaded, 0), || {
        format!("{left} pages are left")
    })?;
    Ok(report.line("every page has vanished")?)
}

/// One reader: opens a page, and closes the one that was opened some pages before.
fn read(cache: &Cache, options: &Options, seed: u64) -> Tally {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut open = VecDeque::new();
    let mut tally = Tally::default();
    for _ in 0..options.requests {
        // Some books are read more than others.
        let book = (random.f64().powi(2) * f64::from(options.books)) as u32;
        let page = random.u32(..options.pages);
        let (page, found) = cache.get(PageId { book, page });
        match found {
            Found::Recent => tally.recent += 1,
            Found::InUse => tally.in_use += 1,
            Found::Loaded => tally.loaded += 1,
        }
        tally.bytes += page.size();
        open.push_back(page);
        if open.len() > OPEN {
            open.pop_front();
        }
    }
    tally
}

impl Tally {
    fn plus(self, other: Tally) -> Tally {
        Tally {
            recent: self.recent + other.recent,
            in_use: self.in_use + other.in_use,
            loaded: self.loaded + other.loaded,
            bytes: self.bytes + other.bytes,
        }
    }
}

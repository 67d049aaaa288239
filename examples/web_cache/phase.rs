//! One phase: the service under load with the collector in one mode, and what is left of it.

use crate::account::Account;
use crate::arguments::Options;
use crate::cache;
use crate::error::{Error, check};
use crate::load::Load;
use crate::memory::{Sample, Sampler};
use crate::mode::{Collector, Mode};
use crate::model::{HISTORY, READERS};
use crate::outcome::{Collections, Latencies, Left, Made, Outcome};
use crate::server::Server;
use crate::service::Service;
use crate::sessions;
use gc_core::set_unraisable_hook;
use gc_core::sync;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// How many samples of memory are taken in each of the two parts.
const SAMPLES: u32 = 4;

/// The share of what the service can do flat out that it is asked for in the second part. Far from
/// all, so that what is seen are pauses, and not a queue that never empties.
const SHARE: f64 = 0.25;

/// Panics that the collector had to swallow. There must not be any.
static SWALLOWED: AtomicUsize = AtomicUsize::new(0);

/// Runs a phase in this process, which should not have run another one.
pub(crate) fn run(mode: Mode, options: &Options) -> Result<Outcome, Error> {
    set_unraisable_hook(Some(Box::new(|event| {
        // Relaxed: a sum.
        SWALLOWED.fetch_add(1, Ordering::Relaxed);
        eprintln!("web_cache: {event}");
    })));
    let account = Arc::<Account>::default();
    let service = Arc::new(Service::new(&account));
    let collector = Collector::start(mode)?;
    let server = Server::start(service.clone())?;

    let start = Instant::now();
    let sampler = Sampler::start(start, options.duration / SAMPLES);
    let load = Load {
        address: server.address(),
        connections: options.connections,
        duration: options.duration,
    };
    let flat_out = load.flat_out()?;
    let rate = options.rate.unwrap_or_else(|| (flat_out.throughput() * SHARE).max(1.0));
    let paced = load.paced(rate)?;
    let mut memory = sampler.stop()?;

    server.stop()?;
    let figures = collector.stop();
    let automatic = sync::stats().each_ref().map(Collections::from);
    let made = made(&service, &account);
    let after = Collections::from(&sync::collect());
    let alive = sync::live();
    memory.push(Sample::take(start));
    let (last, left) = take_down(service, &account)?;
    memory.push(Sample::take(start));
    Ok(Outcome {
        mode,
        requests: flat_out.requests,
        throughput: flat_out.throughput(),
        rate,
        due: Latencies::of(&paced.due),
        sent: Latencies::of(&paced.sent),
        memory,
        made,
        automatic,
        figures,
        after,
        alive,
        last,
        left,
    })
}

/// The most objects that a service reaches which nobody is using.
///
/// It reaches the sessions in the table and the readers of the pages in the cache, their
/// requests, the pages of those, and the pages in the cache.
pub(crate) fn most_alive() -> usize {
    let sessions = sessions::CAPACITY.get() + cache::CAPACITY.get() * READERS;
    sessions + sessions * HISTORY * 2 + cache::CAPACITY.get()
}

fn made(service: &Service, account: &Account) -> Made {
    Made {
        pages: account.made(),
        sessions: service.sessions().begun(),
        requests: service.requests(),
        returned: service.sessions().returned(),
    }
}

/// Drops everything that holds an object from outside, collects, and looks what is left.
fn take_down(service: Arc<Service>, account: &Account) -> Result<(Collections, Left), Error> {
    let index = service.sessions().index().clone();
    // The server's threads have ended, and the connections' tasks with them.
    let service = Arc::into_inner(service);
    check(service.is_some(), || "the server has let go of the service".into())?;
    drop(service);
    let last = Collections::from(&sync::collect());
    let left = Left {
        objects: sync::live(),
        sessions: index.len(),
        pages: account.entries(),
        bytes: account.bytes(),
        // Relaxed: a sum.
        panics: SWALLOWED.load(Ordering::Relaxed),
    };
    Ok((last, left))
}

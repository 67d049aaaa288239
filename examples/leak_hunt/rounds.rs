//! Thousands of requests, and the figures after each.

use crate::server::Server;
use crate::watch::Watch;
use gc_core::sync::{self, Gc};
use gc_core::{Profile, Profiles};
use gc_examples::program::Error;
use gc_examples::report::Report;
use std::thread;

/// How many requests a round has, and how many threads serve them.
pub(crate) const REQUESTS: usize = 1000;
const THREADS: usize = 4;

/// How many rounds there are.
pub(crate) const ROUNDS: usize = 5;

/// Serves some rounds, and prints a line after each. What is garbage then is collected first: so
/// what the figures show is held by something. Returns how many objects there were each time.
pub(crate) fn run(
    report: &mut Report,
    server: &Gc<Server>,
    profiles: &mut Profiles,
    label: &str,
) -> Result<Vec<usize>, Error> {
    let (mut lives, mut rows) = (Vec::new(), Vec::new());
    for number in 1..=ROUNDS {
        let watch = Watch::start();
        let profile = round(server, format!("{label}, round {number}"));
        let (live, contexts) = (sync::live(), server.contexts().len());
        let log = sync::deep_size(server.slow_log()) / 1024;
        let (runs, collected) = (watch.runs(), watch.collected());
        let alive = profile.objects.alive();
        let row = [server.served().to_string(), live.to_string(), format!("{alive:+}")];
        let rest = [contexts, log, runs, collected].map(|figure| figure.to_string());
        let [contexts_cell, log, runs, collected] = rest;
        let [served, live_cell, alive] = row;
        rows.push([served, live_cell, alive, contexts_cell, log, runs, collected]);
        lives.push(live);
        profiles.push(profile);
    }
    report.table(
        ["requests", "objects", "change", "contexts", "log, KiB", "collections", "collected"],
        &rows,
    )?;
    Ok(lives)
}

/// A thousand requests on several threads, and a collection.
fn round(server: &Gc<Server>, label: String) -> Profile {
    let ((), profile) = sync::profile(label, || {
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| (0..REQUESTS / THREADS).for_each(|_| server.serve()));
            }
        });
        let _ = sync::collect();
    });
    profile
}

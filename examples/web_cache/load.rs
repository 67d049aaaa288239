//! The load: several visitors at a time, first as fast as it goes, then at a fixed rate.
//!
//! The first gives the throughput. Its latencies would flatter the service: a visitor
//! who waits out a pause asks nothing meanwhile, so that the pause counts once rather than
//! for all the requests that it would have held up ("coordinated omission"). So latencies are measured
//! at a rate that the service can follow, from the moment when a request was due
//! and not from when its connection was free to send it. The visitors' own lateness in
//! waking up (timers are some 60 µs late on Linux) is thereby in every figure.

use crate::error::Error;
use crate::visitor::Visitor;
use hdrhistogram::Histogram;
use std::net::SocketAddr;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

/// Who makes the load.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    pub(crate) connections: u32,
    /// How long each part takes.
    pub(crate) duration: Duration,
}

/// What came of the first part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlatOut {
    pub(crate) requests: u64,
    /// From the start to the last answer.
    pub(crate) elapsed: Duration,
}

/// What came of the second part. Nanoseconds.
pub(crate) struct Paced {
    /// From when a request was due to when its answer was there.
    pub(crate) due: Histogram<u64>,
    /// From when it was sent.
    pub(crate) sent: Histogram<u64>,
}

impl FlatOut {
    /// Requests a second.
    pub(crate) fn throughput(&self) -> f64 {
        self.requests as f64 / self.elapsed.as_secs_f64()
    }
}

impl Paced {
    fn new() -> Self {
        // Up to a minute, to a part in a thousand. The bounds are good, so this cannot fail.
        let histogram = || Histogram::new_with_bounds(1, 60_000_000_000, 3).expect("good bounds");
        Paced { due: histogram(), sent: histogram() }
    }

    fn add(&mut self, other: &Paced) -> Result<(), Error> {
        let wrong = |error| Error::Check(format!("histograms: {error}"));
        self.due.add(&other.due).map_err(wrong)?;
        self.sent.add(&other.sent).map_err(wrong)
    }
}

impl Load {
    /// Everybody asks again as soon as the answer is there.
    pub(crate) fn flat_out(&self) -> Result<FlatOut, Error> {
        let start = Instant::now();
        let counts = self.each(|mut visitor, _| {
            let mut requests = 0;
            while start.elapsed() < self.duration {
                visitor.step()?;
                requests += 1;
            }
            Ok(requests)
        })?;
        Ok(FlatOut { requests: counts.iter().sum(), elapsed: start.elapsed() })
    }

    /// Together they ask `rate` times a second, in turns.
    pub(crate) fn paced(&self, rate: f64) -> Result<Paced, Error> {
        let between = Duration::from_secs_f64(f64::from(self.connections) / rate);
        let start = Instant::now() + between;
        let parts = self.each(|mut visitor, number| {
            let mut paced = Paced::new();
            let mut due = start + between * number / self.connections;
            while due < start + self.duration {
                thread::sleep(due.saturating_duration_since(Instant::now()));
                let sent = Instant::now();
                visitor.step()?;
                let nanoseconds = |since: Instant| since.elapsed().as_nanos() as u64;
                paced.due.saturating_record(nanoseconds(due));
                paced.sent.saturating_record(nanoseconds(sent));
                due += between;
            }
            Ok(paced)
        })?;
        parts.iter().try_fold(Paced::new(), |mut sum, part| sum.add(part).map(|()| sum))
    }

    /// Runs `work` on a thread for each connection, with a visitor and a number.
    fn each<R: Send>(
        &self,
        work: impl Fn(Visitor, u32) -> Result<R, Error> + Sync,
    ) -> Result<Vec<R>, Error> {
        thread::scope(|scope| {
            let work = &work;
            let spawn = |number: u32| {
                scope.spawn(move || work(Visitor::connect(self.address, number.into())?, number))
            };
            let threads: Vec<_> = (0..self.connections).map(spawn).collect();
            threads.into_iter().map(joined).collect()
        })
    }
}

fn joined<R>(thread: ScopedJoinHandle<'_, Result<R, Error>>) -> Result<R, Error> {
    thread.join().unwrap_or_else(|_| Err(Error::Check("no visitor panics".into())))
}

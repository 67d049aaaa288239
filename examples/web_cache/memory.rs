//! Memory, looked at again and again.

use crate::error::Error;
use gc_core::sync;
use serde::{Deserialize, Serialize};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What there was at one moment.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Sample {
    /// Since the start.
    pub(crate) at: Duration,
    /// The resident set in bytes, where the system tells.
    pub(crate) resident: Option<usize>,
    /// Objects of the collector's.
    pub(crate) live: usize,
}

impl Sample {
    pub(crate) fn take(start: Instant) -> Self {
        let resident = memory_stats::memory_stats().map(|stats| stats.physical_mem);
        Sample { at: start.elapsed(), resident, live: sync::live() }
    }
}

/// A thread that takes samples.
pub(crate) struct Sampler {
    stop: Sender<()>,
    thread: JoinHandle<Vec<Sample>>,
}

impl Sampler {
    /// Begins to take a sample every `step`.
    pub(crate) fn start(start: Instant, step: Duration) -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut samples = vec![Sample::take(start)];
            let mut due = start + step;
            loop {
                let wait = due.saturating_duration_since(Instant::now());
                match stopped.recv_timeout(wait) {
                    Err(RecvTimeoutError::Timeout) => samples.push(Sample::take(start)),
                    // Told to stop, or whoever would have told is gone.
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return samples,
                }
                due += step;
            }
        });
        Sampler { stop, thread }
    }

    /// Ends it.
    pub(crate) fn stop(self) -> Result<Vec<Sample>, Error> {
        drop(self.stop);
        self.thread.join().map_err(|_| Error::Check("the sampler does not panic".into()))
    }
}

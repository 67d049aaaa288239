//! The comparison, as aligned text on standard output: a column for each mode.

use crate::arguments::Options;
use crate::error::Error;
use crate::outcome::{BOUNDS, Collections, Latencies, Outcome, QUANTILES};
use gc_core::Generation;
use std::fmt::Display;
use std::io::{self, StdoutLock, Write};
use std::time::Duration;

/// Standard output; a failure to write is an error, not a panic.
pub(crate) struct Report {
    out: StdoutLock<'static>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Report { out: io::stdout().lock() }
    }

    /// Prints one line, or several.
    pub(crate) fn line(&mut self, text: impl Display) -> Result<(), Error> {
        writeln!(self.out, "{text}").map_err(Error::Output)
    }

    /// Prints everything about the outcomes.
    pub(crate) fn compare(&mut self, options: &Options, outcomes: &[Outcome]) -> Result<(), Error> {
        let Options { duration, connections, rate } = options;
        self.line(format_args!(
            "web_cache: {connections} connections, first flat out for {duration:?}, then paced"
        ))?;
        self.headings("the collector is", outcomes)?;
        self.row("requests, flat out", outcomes, |it| it.requests.to_string())?;
        self.row("a second", outcomes, |it| format!("{:.0}", it.throughput))?;
        self.row("requests, paced", outcomes, |it| it.due.count.to_string())?;
        self.latencies(rate.unwrap_or_default(), outcomes)?;
        self.memory(outcomes)?;
        self.objects(outcomes)?;
        let told = outcomes.iter().filter_map(|it| Some((it.mode, it.figures.as_ref()?)));
        for (mode, figures) in told {
            self.line(format_args!("\nthe collector in the {mode}\n{figures}"))?;
        }
        Ok(())
    }

    fn latencies(&mut self, rate: f64, outcomes: &[Outcome]) -> Result<(), Error> {
        self.line(format_args!("\nlatency in µs at {rate:.0} requests a second"))?;
        self.quantiles("from when it was due", outcomes, |it| &it.due)?;
        self.quantiles("from when it was sent", outcomes, |it| &it.sent)?;
        self.histogram(outcomes)
    }

    fn quantiles(
        &mut self,
        title: &str,
        outcomes: &[Outcome],
        latencies: fn(&Outcome) -> &Latencies,
    ) -> Result<(), Error> {
        self.headings(title, outcomes)?;
        QUANTILES.iter().enumerate().try_for_each(|(number, (name, _))| {
            self.row(name, outcomes, |it| microseconds(latencies(it).quantiles[number]))
        })
    }

    fn histogram(&mut self, outcomes: &[Outcome]) -> Result<(), Error> {
        self.headings("answers, from when due", outcomes)?;
        // Classes above all that was recorded say nothing.
        let used = |number: &usize| outcomes.iter().any(|it| it.due.classes[*number] > 0);
        let last = (0..=BOUNDS.len()).rev().find(used).unwrap_or(0);
        for number in 0..=last {
            let name = match BOUNDS.get(number) {
                Some(bound) => format!("up to {bound}"),
                None => "more".to_owned(),
            };
            self.row(&name, outcomes, |it| it.due.classes[number].to_string())?;
        }
        Ok(())
    }

    fn memory(&mut self, outcomes: &[Outcome]) -> Result<(), Error> {
        self.line("\nmemory over time: resident MiB, objects")?;
        self.headings("after", outcomes)?;
        // The last two are those of the collections at the end.
        let during = |it: &Outcome| it.memory.len() - 2;
        let rows = outcomes.iter().map(during).min().unwrap_or(0);
        for number in 0..rows {
            let at = outcomes[0].memory[number].at;
            let name = format!("{:.2} s", at.as_secs_f64());
            self.row(&name, outcomes, |it| memory(it, number))?;
        }
        self.row("collected", outcomes, |it| memory(it, during(it)))?;
        self.row("all dropped, collected", outcomes, |it| memory(it, during(it) + 1))
    }

    fn objects(&mut self, outcomes: &[Outcome]) -> Result<(), Error> {
        self.headings("\nobjects made", outcomes)?;
        self.row("pages", outcomes, |it| it.made.pages.to_string())?;
        self.row("sessions", outcomes, |it| it.made.sessions.to_string())?;
        self.row("requests", outcomes, |it| it.made.requests.to_string())?;
        self.row("(sessions that returned)", outcomes, |it| it.made.returned.to_string())?;
        self.headings("of which died", outcomes)?;
        self.row("by count", outcomes, |it| {
            let gone = it.made.total().checked_sub(it.collected() + it.left.objects);
            gone.map_or("?".to_owned(), |count| count.to_string())
        })?;
        for generation in Generation::ALL {
            let name = format!("collected, {generation}");
            self.row(&name, outcomes, |it| collections(&it.automatic[generation as usize]))?;
        }
        self.row("collected after the load", outcomes, |it| collections(&it.after))?;
        self.row("collected at the end", outcomes, |it| collections(&it.last))
    }

    /// A line with the names of the modes.
    fn headings(&mut self, title: &str, outcomes: &[Outcome]) -> Result<(), Error> {
        self.columns(title, outcomes, |it| it.mode.to_string())
    }

    fn row(
        &mut self,
        name: &str,
        outcomes: &[Outcome],
        cell: impl Fn(&Outcome) -> String,
    ) -> Result<(), Error> {
        self.columns(&format!("  {name}"), outcomes, cell)
    }

    fn columns(
        &mut self,
        name: &str,
        outcomes: &[Outcome],
        cell: impl Fn(&Outcome) -> String,
    ) -> Result<(), Error> {
        let cells = outcomes.iter().map(|it| format!("  {:>22}", cell(it)));
        self.line(format_args!("{name:<26}{}", cells.collect::<String>()))
    }
}

fn microseconds(nanoseconds: u64) -> String {
    (nanoseconds / 1000).to_string()
}

fn memory(outcome: &Outcome, number: usize) -> String {
    let sample = &outcome.memory[number];
    let mib = |bytes: usize| format!("{:.1}", bytes as f64 / f64::from(1 << 20));
    format!("{}, {}", sample.resident.map_or("?".to_owned(), mib), sample.live)
}

/// How many objects in how many collections and how long.
fn collections(sum: &Collections) -> String {
    let Collections { runs, collected, duration } = sum;
    let time = Duration::as_secs_f64(duration) * 1e3;
    format!("{collected} in {runs}, {time:.1} ms")
}

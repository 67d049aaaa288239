//! The steps of the hunt.

use crate::path::{self, short_name};
use crate::rounds::{self, REQUESTS, ROUNDS};
use crate::server::{Server, Version};
use crate::watch::Watch;
use gc_core::sync::{self, AnyGc, Gc};
use gc_core::{DebugFlags, Profiles};
use gc_examples::program::{Error, check};
use gc_examples::report::{Report, counted};
use std::collections::BTreeMap;

/// How many requests are looked at one by one.
const LOOKED_AT: usize = 9;

pub(crate) fn run(report: &mut Report) -> Result<(), Error> {
    let mut profiles = Profiles::default();
    let server = Server::new(Version::Leaking);

    report.line("1. The server serves, and its memory grows")?;
    let lives = rounds::run(report, &server, &mut profiles, "leaking")?;
    let growth = growth(&lives);
    report.fact("so", format_args!("{growth} objects more with each {REQUESTS} requests"))?;
    check(growth > 0, || "it leaks".into())?;

    report.heading("2. Is that garbage which nobody has collected?")?;
    let watch = Watch::start();
    let found = sync::collect().collected;
    let runs = counted(watch.runs(), "collection", "collections");
    report
        .fact("no", format_args!("{runs} more, {found} objects found: all the others are held"))?;
    check(found == 0, || format!("nothing is garbage, but {found} objects were"))?;

    report.heading("3. What is there that should not be?")?;
    let suspect = show_suspect(report, &server)?;

    report.heading("4. Who holds it?")?;
    show_holders(report, &server, &suspect)?;
    drop(suspect);

    report.heading("5. And what is left behind by the requests that do not leak?")?;
    show_garbage(report, &server)?;
    drop(server);
    let collected = sync::collect().collected;
    report.fact(
        "the end",
        format_args!("the server is dropped, {collected} objects are collected"),
    )?;

    report.heading("6. The fix: the log knows its callbacks weakly, and these their requests")?;
    let server = Server::new(Version::Fixed);
    let lives = rounds::run(report, &server, &mut profiles, "fixed")?;
    let fixed = self::growth(&lives);
    report.fact("so", format_args!("{fixed} objects more with each {REQUESTS} requests"))?;
    check(fixed == 0, || format!("nothing leaks, but {fixed} objects do"))?;
    drop(server);

    report.heading("7. The same rounds, as the profiler saw them")?;
    report.line(profiles)?;
    let left = sync::live();
    check(left == 0, || format!("nothing is left, but {left} objects are"))?;
    Ok(report.line("nothing is left")?)
}

/// By how many objects the last round has made them more.
fn growth(lives: &[usize]) -> usize {
    match lives {
        [.., before, last] => last.saturating_sub(*before),
        _ => 0,
    }
}

/// Of all contexts that are in memory, though no request is being served, the oldest.
fn show_suspect(report: &mut Report, server: &Server) -> Result<AnyGc, Error> {
    let contexts = server.contexts();
    report.fact("contexts", format_args!("{}, and no request is being served", contexts.len()))?;
    let oldest = contexts.iter().min_by_key(|context| context.id());
    let oldest = oldest.ok_or_else(|| Error::Check("there are some".into()))?;
    check(contexts.len() == ROUNDS * REQUESTS / 10, || "one of ten is there".into())?;
    let (size, deep) = (sync::shallow_size(&oldest), sync::deep_size(&oldest));
    let any = AnyGc::from(oldest);
    report.fact("the oldest", any.debug_text().unwrap_or_default())?;
    // One handle is ours.
    report.fact("handles", any.strong_count() - 1)?;
    report.fact("bytes", format_args!("{size}, {deep} with all that it holds"))?;
    Ok(any)
}

/// The way from the server to the object, and what holds it there.
fn show_holders(report: &mut Report, server: &Gc<Server>, suspect: &AnyGc) -> Result<(), Error> {
    let way = path::find(AnyGc::from(server.clone()), suspect);
    check(way.len() > 1, || "there is a way from the server to it".into())?;
    for object in &way {
        report.fact(short_name(object), object.debug_text().unwrap_or_default())?;
    }
    Ok(())
}

/// Keeps the garbage of some requests, to look at it.
fn show_garbage(report: &mut Report, server: &Server) -> Result<(), Error> {
    sync::set_debug(DebugFlags::SAVE_ALL);
    // None of these is a slow one.
    (0..LOOKED_AT).for_each(|_| server.serve());
    let _ = sync::collect();
    sync::set_debug(DebugFlags::empty());

    let garbage = sync::garbage().drain();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    garbage.iter().for_each(|object| *kinds.entry(short_name(object)).or_default() += 1);
    let kinds: Vec<_> = kinds.iter().map(|(name, count)| format!("{count} {name}")).collect();
    report.fact("garbage", format_args!("of {LOOKED_AT} requests: {}", kinds.join(", ")))?;
    let contexts = garbage.iter().filter(|object| short_name(object) == "Context");
    let context = contexts.min_by_key(|object| object.debug_text());
    let context = context.ok_or_else(|| Error::Check("a request is among it".into()))?;
    report.fact("one", context.debug_text().unwrap_or_default())?;
    for callback in context.referents() {
        let back = callback.referents().iter().any(|held| held.ptr_eq(context));
        let text = callback.debug_text().unwrap_or_default();
        report.fact("holds", format_args!("{text}, which holds it in turn: {back}"))?;
    }
    drop(garbage);
    let found = sync::collect().collected;
    Ok(report
        .fact("so", format_args!("{found} objects in cycles: not leaked, but not free at once"))?)
}

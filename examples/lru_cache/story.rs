//! What happens to a few pages, step by step.

use crate::cache::{Cache, Found};
use crate::document::{Ledger, Page, PageId};
use gc_core::sync::{self, Gc};
use gc_examples::program::{Error, check};
use gc_examples::report::Report;
use std::num::NonZeroUsize;
use std::sync::Arc;

struct Story<'r> {
    cache: Cache,
    ledger: Arc<Ledger>,
    report: &'r mut Report,
}

impl Story<'_> {
    fn get(&mut self, book: u32, page: u32, expected: Found) -> Result<Gc<Page>, Error> {
        let id = PageId { book, page };
        let (page, found) = self.cache.get(id);
        self.report.fact(&format!("page {id}"), found)?;
        check(found == expected, || format!("{id} is {expected}, not {found}"))?;
        Ok(page)
    }

    fn tell(&mut self, what: &str) -> Result<(), Error> {
        let gone: Vec<_> = self.ledger.gone().iter().map(PageId::to_string).collect();
        let gone = if gone.is_empty() { "nobody".into() } else { gone.join(" ") };
        let (recent, known) = (self.cache.recent(), self.cache.in_memory());
        Ok(self
            .report
            .fact(what, format_args!("{recent} recent, {known} in memory; gone: {gone}"))?)
    }
}

pub(crate) fn run(report: &mut Report) -> Result<(), Error> {
    report.line("a cache that holds the 2 most recent pages")?;
    let ledger = Arc::new(Ledger::with_names());
    let cache = Cache::new(NonZeroUsize::MIN.saturating_add(1), 3, ledger.clone());
    let mut story = Story { cache, ledger, report };

    let kept = story.get(1, 1, Found::Loaded)?;
    drop(story.get(1, 1, Found::Recent)?);
    drop(story.get(2, 1, Found::Loaded)?);
    drop(story.get(3, 1, Found::Loaded)?);
    // 1.1 is not among the recent ones any more, but somebody has it open.
    story.tell("1.1 is open")?;
    let again = story.get(1, 1, Found::InUse)?;
    check(Gc::ptr_eq(&kept, &again), || "there is one page 1.1".into())?;
    // 2.1 has made room for it, and nobody had it open: it died by its count, at once.
    drop((kept, again));
    story.tell("1.1 is closed")?;
    drop(story.get(2, 1, Found::Loaded)?);

    // Pages of one book hold each other. When they are not recent any more, only the collector can
    // free them; until it comes, they can be found.
    drop(story.get(1, 2, Found::Loaded)?);
    drop(story.get(4, 1, Found::Loaded)?);
    drop(story.get(5, 1, Found::Loaded)?);
    story.tell("not collected")?;
    drop(story.get(1, 2, Found::InUse)?);
    drop(story.get(6, 1, Found::Loaded)?);
    drop(story.get(7, 1, Found::Loaded)?);
    let collected = sync::collect().collected;
    story.tell(&format!("{collected} collected"))?;
    drop(story.get(1, 2, Found::Loaded)?);

    story.cache.forget();
    let collected = sync::collect().collected;
    story.tell(&format!("{collected} collected"))?;
    let left = sync::live();
    check(left == 0, || format!("nothing is left, but {left} objects are"))
}

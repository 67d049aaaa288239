//! A cache that keeps what is recent, and knows what is in use.
//!
//! ```text
//! cargo run --release --example lru_cache
//! cargo run --release --example lru_cache -- --threads 8 --recent 20
//! ```
//!
//! A cache that only holds the last so many things loads a thing again that somebody has open, as
//! it has forgotten it: there are two of it then. One that holds everything is a leak. This one
//! holds the recent ones strongly, in an LRU, and knows all that are in memory weakly, in a
//! [`WeakValueMap`](gc_core::sync::WeakValueMap). So a thing stays cached while it is recent or
//! somebody uses it; when it dies, it takes itself off the map.
//!
//! What is cached are the pages of books, which know each other within a book: cycles, so that what
//! nobody uses may still be found until the collector comes by.
//!
//! | file | what it shows |
//! |---|---|
//! | `document.rs` | the pages, and a ledger of those that are gone |
//! | `cache.rs` | the cache; which lock to hold over what, and which not |
//! | `story.rs` | some pages, step by step |
//! | `load.rs` | readers on several threads, and the figures |

#![forbid(unsafe_code)]

mod arguments;
mod cache;
mod document;
mod load;
mod story;

use crate::arguments::{Command, HELP};
use gc_examples::program;
use std::process::ExitCode;

fn main() -> ExitCode {
    program::run("lru_cache", |report| match arguments::parse()? {
        Command::Help => Ok(report.line(HELP)?),
        Command::Run(options) => {
            story::run(report)?;
            load::run(&options, report)
        }
    })
}

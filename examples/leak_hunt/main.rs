//! A server that leaks through the contexts of its requests, and how that is found.
//!
//! ```text
//! cargo run --release --example leak_hunt
//! ```
//!
//! A middleware asks to be called when a request is done. The callback knows the request's
//! context, and the context its callbacks: a cycle, which the collector finds. But another one
//! keeps the callbacks of slow requests in a list of its own, and forgets to take them out. That
//! is no garbage, and no collector helps. The program follows it step by step:
//!
//! | step | tools |
//! |---|---|
//! | 1. memory grows | `live`, `profile`, `deep_size` after each thousand requests |
//! | 2. held, or not collected yet? | `collect`, `on_collect` |
//! | 3. what is there that should not be? | a `WeakSet` of all contexts, `AnyGc::debug_text`, `shallow_size` |
//! | 4. who holds it? | `referents`, from the server on |
//! | 5. what do the others leave behind? | `DebugFlags::SAVE_ALL` and `garbage` |
//! | 6. the fix | the same figures |
//! | 7. side by side | `Profiles` |
//!
//! | file | what it shows |
//! |---|---|
//! | `server.rs` | the server, in two versions |
//! | `rounds.rs` | requests on several threads, and the figures |
//! | `watch.rs` | a hook that hears of collections |
//! | `path.rs` | the way from one object to another |
//! | `hunt.rs` | the steps |

#![forbid(unsafe_code)]

mod hunt;
mod path;
mod rounds;
mod server;
mod watch;

use gc_examples::arguments::{Argument, Arguments, no_such_option, usage};
use gc_examples::program;
use std::process::ExitCode;

const HELP: &str = "\
A server that leaks through the contexts of its requests, and how that is found.

usage: leak_hunt [--help]";

fn main() -> ExitCode {
    program::run("leak_hunt", |report| match Arguments::of_process().next() {
        None => hunt::run(report),
        Some(Argument::Option(option)) if option == "--help" => Ok(report.line(HELP)?),
        Some(Argument::Option(option)) => Err(no_such_option(&option)),
        Some(Argument::Value(_)) => Err(usage("there is nothing to name")),
    })
}

//! What the compiler says of code that uses gc-core wrongly, and what it lets pass.
//!
//! Every file in `tests/ui` is one mistake; the `.stderr` beside it is what the user reads, on
//! the toolchain that `rust-toolchain.toml` names. After a change, record them anew with
//! `TRYBUILD=overwrite cargo test -p gc-ui-tests` and read what has changed: one error, at the
//! token at fault, with a word on what to do. Every file in `tests/pass` compiles and runs.

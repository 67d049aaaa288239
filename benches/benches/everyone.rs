//! Compares everything. `cargo bench -p gc-benches --features peers -- --help` tells how.

use gc_benches::Programs;
use std::process::ExitCode;

fn main() -> ExitCode {
    gc_benches::main(Programs {
        plain: env!("CARGO_BIN_EXE_gc-benches").into(),
        counted: Some(env!("CARGO_BIN_EXE_gc-benches-counted").into()),
    })
}

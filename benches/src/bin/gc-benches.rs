//! Handle operations and collections side by side. `--help` tells how.

use std::process::ExitCode;

fn main() -> ExitCode {
    gc_benches::main(gc_benches::Programs::beside_this())
}

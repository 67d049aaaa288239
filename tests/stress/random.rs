//! Random numbers, one sequence for each thread.

use std::cell::Cell;

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0x9E37_79B9_7F4A_7C15) };
}

/// Begins a sequence on this thread.
pub(crate) fn seed(seed: u64) {
    // (Spread, since neighbouring seeds give neighbouring first numbers; and never zero.)
    STATE.set((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    for _ in 0..8 {
        below(2);
    }
}

/// A number below `bound` (xorshift, Marsaglia 2003).
pub(crate) fn below(bound: usize) -> usize {
    // A thread-local may be gone when what another one holds is dropped.
    let mut x = STATE.try_with(Cell::get).unwrap_or(1);
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    let _ = STATE.try_with(|state| state.set(x));
    usize::try_from((x >> 20) % bound as u64).expect("below a usize")
}

/// True once in `n` times.
pub(crate) fn one_in(n: usize) -> bool {
    below(n) == 0
}

//! Random lists of operations, made smaller when one fails.

use super::gc::try_run;
use gc_tests::ops::{OP_BYTES, Op};
use proptest::prelude::{ProptestConfig, Strategy, any};
use proptest::test_runner::{TestCaseError, TestError, TestRunner};

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

#[test]
fn the_heap_does_what_the_oracle_says() {
    let config = ProptestConfig {
        cases: setting("GC_TESTS_CASES", if cfg!(miri) { 4 } else { 2000 }),
        max_shrink_iters: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let longest = setting("GC_TESTS_OPS", 120) as usize;
    let op = any::<[u8; OP_BYTES]>().prop_map(Op::decode);
    let ops = proptest::collection::vec(op, 0..longest);
    let mut runner = TestRunner::new(config);
    let result = runner.run(&ops, |ops| try_run(&ops).map_err(TestCaseError::fail));
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, ops)) => panic!("{reason}\nthe least list is {ops:?}"),
        Err(other) => panic!("{other}"),
    }
}

//! Compiles the files in `tests/ui` and `tests/pass`.

#[test]
fn ui() {
    let tests = trybuild::TestCases::new();
    tests.pass("tests/pass/*.rs");
    tests.compile_fail("tests/ui/**/*.rs");
}

//! Six bytes an operation, carried out and compared with the oracle after each.
#![no_main]

use gc_tests::ops::Op;
use gc_tests::unsync::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| run(&Op::decode_all(bytes)));

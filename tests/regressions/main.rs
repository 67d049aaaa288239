//! What has once gone wrong, or could have: each test is named for its symptom.
//!
//! Most come from a hostile review, which reached dropped or freed values from safe
//! code. Where a value may have been dropped the tests ask its canary; what was
//! freed is seen by AddressSanitizer and Miri only.

mod chains;
mod end_of_thread;
mod hooks;
mod lent;
mod looks;
mod order;
mod panics;
mod pinned;
mod programs;
mod shapes;
mod supertypes;
mod unasked;
mod unique;
mod waiting;
mod weak_overflow;

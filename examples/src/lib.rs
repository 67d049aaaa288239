//! What the examples and their tests share: how a program begins and ends, its report, and how a
//! test runs it. The examples stand beside this folder, one each.

#![forbid(unsafe_code)]

pub mod arguments;
pub mod program;
pub mod report;
pub mod testing;

//! Columns of figures for people to read.

use super::report::Flow;
use std::fmt;
use std::time::Duration;

/// Rows of text whose columns are set to one width: the first to the left, figures to the right.
pub(super) struct Table<const COLUMNS: usize> {
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    pub(super) fn new() -> Self {
        Table { rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: [&str; COLUMNS]) {
        self.rows.push(cells.map(String::from));
    }
}

impl<const COLUMNS: usize> fmt::Display for Table<COLUMNS> {
    /// Each row is ended by a line feed but the last.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max();
        let widths: [usize; COLUMNS] = std::array::from_fn(|column| width(column).unwrap_or(0));
        for (number, row) in self.rows.iter().enumerate() {
            let mut line = format!("{:<1$}", row[0], widths[0]);
            for (cell, width) in row.iter().zip(widths).skip(1) {
                line.push_str(&format!("  {cell:>width$}"));
            }
            let end = if number + 1 < self.rows.len() { "\n" } else { "" };
            write!(f, "{}{end}", line.trim_end())?;
        }
        Ok(())
    }
}

/// `1234567` as `1,234,567`.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What is alive of a flow.
pub(super) fn signed(flow: Flow) -> String {
    let alive = flow.alive();
    let sign = if alive < 0 { "-" } else { "" };
    format!("{sign}{}", thousands(alive.unsigned_abs()))
}

/// How much of 2²⁰ bytes.
pub(super) fn mebibytes(bytes: usize) -> String {
    format!("{:.1} MiB", in_mebibytes(bytes))
}

/// The difference of two numbers of bytes.
pub(super) fn change(before: usize, after: usize) -> String {
    format!("{:+.1} MiB", in_mebibytes(after) - in_mebibytes(before))
}

#[allow(clippy::cast_precision_loss, reason = "it is shown with one decimal")]
fn in_mebibytes(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// Three digits or so, with the unit.
pub(super) fn time(duration: Duration) -> String {
    if duration.is_zero() { "0".into() } else { format!("{duration:.1?}") }
}

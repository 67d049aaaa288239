//! The figures as a table for people and as JSON for programs.

use crate::measure::{Measured, Row};
use crate::workload::Budget;
use std::fmt::Write as _;

/// How far over its budget a ratio may lie and still be called met: what two
/// runs of the same code differ by on a machine that others use too.
const TOLERANCE: f64 = 1.03;

/// Whether a subject keeps its budget, where there is one.
fn met(measured: &Measured) -> Option<bool> {
    match measured.budget {
        Budget::None => None,
        Budget::Ratio(budget) => measured.ratio.map(|ratio| ratio <= budget * TOLERANCE),
        Budget::Nanoseconds(budget) => Some(measured.nanoseconds <= budget * TOLERANCE),
    }
}

/// One line of the table for each subject that is no other's baseline.
pub(crate) fn table(rows: &[Row]) -> String {
    let head = ["workload", "subject", "ratio", "(half in)", "ns", "std ns", "per", "budget", ""];
    let mut lines = vec![head.map(str::to_string)];
    for row in rows {
        for (place, measured) in row.results.iter().enumerate() {
            if !row.results.iter().any(|other| other.baseline == Some(place)) {
                lines.push(line(row, measured));
            }
        }
    }
    align(&lines)
}

/// The cells of one line.
fn line(row: &Row, measured: &Measured) -> [String; 9] {
    let verdict = match met(measured) {
        Some(true) => "met",
        Some(false) => "MISSED",
        None => "",
    };
    let budget = match measured.budget {
        Budget::None => String::new(),
        Budget::Ratio(ratio) => format!("{ratio:.2}"),
        Budget::Nanoseconds(nanoseconds) => format!("{nanoseconds} ns"),
    };
    let std = measured.baseline.map(|place| &row.results[place]);
    [
        row.workload.clone(),
        measured.subject.to_string(),
        measured.ratio.map_or(String::new(), |ratio| format!("{ratio:.2}")),
        measured.spread.map_or(String::new(), |(low, high)| format!("{low:.2}-{high:.2}")),
        figure(measured.nanoseconds),
        std.map_or(String::new(), |std| figure(std.nanoseconds)),
        row.unit.to_string(),
        budget,
        verdict.to_string(),
    ]
}

/// Nanoseconds with as many digits as mean something.
fn figure(nanoseconds: f64) -> String {
    if nanoseconds < 100.0 { format!("{nanoseconds:.2}") } else { format!("{nanoseconds:.0}") }
}

/// Columns under each other: names to the left, figures to the right.
fn align(lines: &[[String; 9]]) -> String {
    let is_name = |column: usize| matches!(column, 0 | 1 | 6 | 8);
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap_or(0);
    let widths: [usize; 9] = std::array::from_fn(width);
    let mut text = String::new();
    for line in lines {
        let mut whole = String::new();
        for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
            let _ = if is_name(column) {
                write!(whole, "{cell:<width$}  ")
            } else {
                write!(whole, "{cell:>width$}  ")
            };
        }
        text.push_str(whole.trim_end());
        text.push('\n');
    }
    text
}

/// All figures, unrounded.
pub(crate) fn json(rows: &[Row]) -> String {
    let rows: Vec<String> = rows.iter().map(json_row).collect();
    format!("[\n{}\n]\n", rows.join(",\n"))
}

fn json_row(row: &Row) -> String {
    let results: Vec<String> =
        row.results.iter().map(|measured| json_measured(row, measured)).collect();
    // No name has a character that JSON would want escaped.
    format!(
        "  {{\"workload\": \"{}\", \"unit\": \"{}\", \"rounds\": {}, \"results\": [\n{}\n  ]}}",
        row.workload,
        row.unit,
        row.rounds,
        results.join(",\n")
    )
}

fn json_measured(row: &Row, measured: &Measured) -> String {
    let or_null = |value: Option<String>| value.unwrap_or_else(|| "null".to_string());
    let (kind, budget) = match measured.budget {
        Budget::None => ("none", "null".to_string()),
        Budget::Ratio(ratio) => ("ratio", ratio.to_string()),
        Budget::Nanoseconds(nanoseconds) => ("nanoseconds", nanoseconds.to_string()),
    };
    let baseline = measured.baseline.map(|place| format!("\"{}\"", row.results[place].subject));
    format!(
        "    {{\"subject\": \"{}\", \"nanoseconds\": {}, \"baseline\": {}, \"ratio\": {}, \
         \"quartiles\": {}, \"budget_kind\": \"{kind}\", \"budget\": {budget}, \"met\": {}}}",
        measured.subject,
        measured.nanoseconds,
        or_null(baseline),
        or_null(measured.ratio.map(|ratio| ratio.to_string())),
        or_null(measured.spread.map(|(low, high)| format!("[{low}, {high}]"))),
        or_null(met(measured).map(|met| met.to_string())),
    )
}

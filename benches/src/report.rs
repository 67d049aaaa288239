//! The figures as tables for people and as JSON for programs.

use crate::rounds::{Measured, Row};
use crate::workload::{Budget, Kind};
use std::fmt::Write as _;

/// How far over its budget a ratio may lie and still be called met: what two
/// runs of the same code differ by on a machine that others use too.
const TOLERANCE: f64 = 1.03;

/// Whether a subject keeps its budget, where there is one.
fn met(measured: &Measured) -> Option<bool> {
    match measured.budget {
        Budget::None => None,
        Budget::Ratio(budget) => measured.ratio.map(|ratio| ratio <= budget * TOLERANCE),
        Budget::Figure(budget) => measured.figure.map(|figure| figure <= budget * TOLERANCE),
    }
}

/// A table of everything, and one of the budgets.
pub(crate) fn tables(rows: &[Row]) -> String {
    let head = ["workload", "subject", "ratio", "(half in)", "figure", "std", "per", ""];
    let mut lines = vec![head.map(str::to_string)];
    for row in rows {
        lines.extend(row.results.iter().map(|measured| line(row, measured)));
    }
    let mut text = align(&lines);
    let head = ["budget of", "", "ratio", "", "figure", "budget", "", ""];
    let mut lines = vec![head.map(str::to_string)];
    for row in rows {
        lines.extend(row.results.iter().filter_map(|measured| budget_line(row, measured)));
    }
    if lines.len() > 1 {
        text.push('\n');
        text.push_str(&align(&lines));
    }
    text
}

/// The cells of one line.
fn line(row: &Row, measured: &Measured) -> [String; 8] {
    let baseline = row.results.iter().find(|other| Some(other.subject) == measured.baseline);
    let std = baseline.and_then(|baseline| baseline.figure);
    let mut remark = measured.reason.clone().unwrap_or_default();
    if let Some(left) = measured.left.filter(|_| measured.leaks()) {
        let _ = write!(remark, "leaves {left} bytes");
    }
    [
        row.workload.clone(),
        measured.subject.to_string(),
        measured.ratio.map_or(String::new(), |ratio| format!("{ratio:.2}")),
        measured.spread.map_or(String::new(), |(low, high)| format!("{low:.2}-{high:.2}")),
        measured.figure.map_or("-".to_string(), |value| figure(row, value)),
        std.map_or(String::new(), |std| figure(row, std)),
        row.unit.to_string(),
        remark,
    ]
}

fn budget_line(row: &Row, measured: &Measured) -> Option<[String; 8]> {
    let budget = match measured.budget {
        Budget::None => return None,
        Budget::Ratio(ratio) => format!("{ratio:.2}"),
        Budget::Figure(value) => figure(row, value),
    };
    let verdict = match met(measured) {
        Some(true) => "met",
        Some(false) => "MISSED",
        None => "not measured",
    };
    let [workload, subject, ratio, spread, figure, ..] = line(row, measured);
    Some([workload, subject, ratio, spread, figure, budget, String::new(), verdict.to_string()])
}

/// A figure with its unit and as many digits as mean something.
fn figure(row: &Row, value: f64) -> String {
    match row.kind {
        Kind::Depth => format!("{value}"),
        Kind::Memory => format!("{value:.1}"),
        _ if value < 100.0 => format!("{value:.2} ns"),
        _ if value < 1e4 => format!("{value:.0} ns"),
        _ if value < 1e6 => format!("{:.1} us", value / 1e3),
        _ => format!("{:.1} ms", value / 1e6),
    }
}

/// Columns under each other: names to the left, figures to the right.
fn align(lines: &[[String; 8]]) -> String {
    let is_name = |column: usize| matches!(column, 0 | 1 | 6 | 7);
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap_or(0);
    let widths: [usize; 8] = std::array::from_fn(width);
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
pub(crate) fn json(rows: &[Row], quick: bool) -> String {
    let rows: Vec<String> = rows.iter().map(json_row).collect();
    format!(
        "{{\"quick\": {quick}, \"seconds\": {}, \"machine\": {}, \"load\": {}, \"rows\": [\n{}\n]}}\n",
        std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs()),
        string(&machine()),
        string(std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim()),
        rows.join(",\n")
    )
}

/// The processor, and how many of it.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.unwrap_or("unknown").trim_start_matches(['\t', ' ', ':']).trim();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores of {model}")
}

fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            character if character.is_control() => quoted.push(' '),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

fn json_row(row: &Row) -> String {
    let results: Vec<String> = row.results.iter().map(json_measured).collect();
    let kind = format!("{:?}", row.kind).to_lowercase();
    format!(
        "  {{\"workload\": {}, \"unit\": {}, \"kind\": \"{kind}\", \"results\": [\n{}\n  ]}}",
        string(&row.workload),
        string(row.unit),
        results.join(",\n")
    )
}

fn json_measured(measured: &Measured) -> String {
    let or_null = |value: Option<String>| value.unwrap_or_else(|| "null".to_string());
    let number = |value: Option<f64>| or_null(value.map(|value| value.to_string()));
    let (kind, budget) = match measured.budget {
        Budget::None => ("none", None),
        Budget::Ratio(ratio) => ("ratio", Some(ratio)),
        Budget::Figure(figure) => ("figure", Some(figure)),
    };
    format!(
        "    {{\"subject\": {}, \"figure\": {}, \"baseline\": {}, \"ratio\": {}, \"quartiles\": {}, \
         \"rounds\": {}, \"left\": {}, \"leaks\": {}, \"reason\": {}, \"budget_kind\": \"{kind}\", \
         \"budget\": {}, \"met\": {}}}",
        string(measured.subject),
        number(measured.figure),
        or_null(measured.baseline.map(string)),
        number(measured.ratio),
        or_null(measured.spread.map(|(low, high)| format!("[{low}, {high}]"))),
        measured.rounds,
        number(measured.left),
        measured.leaks(),
        or_null(measured.reason.as_deref().map(string)),
        number(budget),
        or_null(met(measured).map(|met| met.to_string())),
    )
}

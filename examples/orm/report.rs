//! Aligned text on standard output.

use crate::error::Error;
use std::fmt::Display;
use std::io::{self, StdoutLock, Write};

/// How long a line may be.
const WIDTH: usize = 100;

/// Standard output; a failure to write is an error, not a panic.
pub(crate) struct Report {
    out: StdoutLock<'static>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Report { out: io::stdout().lock() }
    }

    /// Prints one line, or several.
    pub(crate) fn line(&mut self, text: impl Display) -> Result<(), Error> {
        Ok(writeln!(self.out, "{text}")?)
    }

    /// Prints a fact with its name before it, broken into lines between words.
    pub(crate) fn fact(&mut self, name: &str, fact: impl Display) -> Result<(), Error> {
        let mut line = format!("  {name:<20}");
        for word in fact.to_string().split(' ') {
            if line.len() + word.len() > WIDTH {
                self.line(line.trim_end())?;
                line = " ".repeat(22);
            }
            line += word;
            line.push(' ');
        }
        self.line(line.trim_end())
    }

    /// Prints rows of cells below their headings: the first column flush left,
    /// the others flush right.
    pub(crate) fn table<const N: usize>(
        &mut self,
        headings: [&str; N],
        rows: &[[String; N]],
    ) -> Result<(), Error> {
        let headings = headings.map(str::to_owned);
        let mut widths = headings.each_ref().map(String::len);
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.len().max(*width);
            }
        }
        std::iter::once(&headings).chain(rows).try_for_each(|row| self.table_row(row, &widths))
    }

    fn table_row(&mut self, row: &[String], widths: &[usize]) -> Result<(), Error> {
        let mut line = String::from(" ");
        for (column, (cell, &width)) in row.iter().zip(widths).enumerate() {
            line += &match column {
                0 => format!(" {cell:<width$}"),
                _ => format!("  {cell:>width$}"),
            };
        }
        self.line(line)
    }
}

/// A number with the word for it.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// How much of this process is in memory, where the system says so.
pub(crate) fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

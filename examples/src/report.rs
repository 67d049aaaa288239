//! Aligned text on standard output.

use std::fmt::{self, Display};
use std::io::{self, StdoutLock, Write};

/// How long a line may be.
const WIDTH: usize = 100;

/// Standard output; a failure to write is an error, not a panic.
pub struct Report {
    out: StdoutLock<'static>,
}

impl Report {
    /// Locks standard output, for as long as the report lives.
    #[expect(clippy::new_without_default, reason = "it takes the lock, so it says so")]
    #[must_use]
    pub fn new() -> Self {
        Report { out: io::stdout().lock() }
    }

    /// Prints one line, or several.
    ///
    /// # Errors
    ///
    /// If standard output cannot be written to.
    pub fn line(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    /// Prints a heading, apart from what is before it.
    ///
    /// # Errors
    ///
    /// As [`line`](Report::line).
    pub fn heading(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.out, "\n{text}")
    }

    /// Prints a fact with its name before it, broken into lines between words.
    ///
    /// # Errors
    ///
    /// As [`line`](Report::line).
    pub fn fact(&mut self, name: &str, fact: impl Display) -> io::Result<()> {
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
    ///
    /// # Errors
    ///
    /// As [`line`](Report::line).
    pub fn table<const N: usize>(
        &mut self,
        headings: [&str; N],
        rows: &[[String; N]],
    ) -> io::Result<()> {
        let headings = headings.map(str::to_owned);
        let mut widths = headings.each_ref().map(|heading| heading.chars().count());
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        std::iter::once(&headings).chain(rows).try_for_each(|row| self.table_row(row, &widths))
    }

    fn table_row(&mut self, row: &[String], widths: &[usize]) -> io::Result<()> {
        let mut line = String::from(" ");
        for (column, (cell, &width)) in row.iter().zip(widths).enumerate() {
            line += &match column {
                0 => format!(" {cell:<width$}"),
                _ => format!("  {cell:>width$}"),
            };
        }
        self.line(line)
    }

    /// Hands on what is printed so far, also where it does not end a line.
    ///
    /// # Errors
    ///
    /// As [`line`](Report::line).
    pub fn prompt(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").finish_non_exhaustive()
    }
}

/// Prints a line that belongs to what stands above it, where no error can be returned: the next
/// line of the [`Report`] fails as well then.
pub fn say(text: impl Display) {
    let _ = writeln!(io::stdout(), "  {text}");
}

/// A number with the word for it.
#[must_use]
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

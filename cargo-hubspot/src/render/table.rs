//! Columns of text.
//!
//! Comes in: rows of styled cells. Goes out: lines in which the columns are aligned. Refuses nothing.

use std::fmt::Write as _;

use anstyle::Style;

/// Rows with the same number of cells.
pub(crate) struct Table<const COLUMNS: usize> {
    rows: Vec<[(Style, String); COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    pub(crate) const fn new() -> Self {
        Self { rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: [(Style, String); COLUMNS]) {
        self.rows.push(cells);
    }

    /// The lines, each after so many spaces; nothing follows the last cell.
    pub(crate) fn indented(&self, spaces: usize) -> String {
        let mut widths = [0; COLUMNS];
        for row in &self.rows {
            for (width, (_, cell)) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        let mut text = String::new();
        for row in &self.rows {
            text.push_str(&" ".repeat(spaces));
            let mut gap = 0;
            for (width, (style, cell)) in widths.iter().zip(row) {
                text.push_str(&" ".repeat(gap));
                _ = write!(text, "{style}{cell}{style:#}");
                gap = 2 + width - cell.chars().count();
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new();
        for row in [["a", "bé", "c"], ["long", "b", ""]] {
            table.row(row.map(|cell| (Style::new(), cell.to_owned())));
        }
        assert_eq!(table.indented(1), " a     bé  c\n long  b   \n");
    }
}

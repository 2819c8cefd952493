//! Styles and columns of text. `anstream` removes the escape codes where they do not belong: in a file, or with `NO_COLOR`.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

/// Headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// Less important text.
pub(crate) const DIM: Style = Style::new().dimmed();
/// What is present, or is added.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What should not be present.
pub(crate) const BAD: Style = AnsiColor::Yellow.on_default();

/// `text` in `style`.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The rows, each after so many spaces, with aligned columns. Nothing follows the last cell.
pub(crate) fn table<const COLUMNS: usize>(
    spaces: usize,
    rows: impl IntoIterator<Item = [(Style, String); COLUMNS]>,
) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let width = |cell: &str| cell.chars().count();
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| width(&row[column].1));
        cells.max().unwrap_or_default()
    });
    let mut text = String::new();
    for row in &rows {
        let mut gap = spaces;
        for (column, (style, cell)) in row.iter().enumerate() {
            _ = write!(text, "{:gap$}{style}{cell}{style:#}", "");
            gap = 2 + widths[column] - width(cell);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "bé", "c"], ["long", "b", ""]];
        let rows = rows.map(|row| row.map(|cell| (Style::new(), cell.to_owned())));
        assert_eq!(table(1, rows), " a     bé  c\n long  b   \n");
    }
}

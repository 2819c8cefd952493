//! Reads the figures that a measured program prints: one a line, a name, a tab, a number.

use anyhow::{Context, Result};

/// The names and numbers that the example printed.
pub(super) struct Figures(Vec<(String, f64)>);

impl Figures {
    pub(super) fn read(text: &str) -> Result<Self> {
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        let figures = lines.map(|(name, value)| Ok((name.to_owned(), value.trim().parse()?)));
        figures
            .collect::<Result<_>>()
            .map(Self)
            .context("the program printed a figure that is not a number")
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = f64> {
        let figures = self.0.iter().filter(move |(other, _)| other == name);
        figures.map(|(_, value)| *value)
    }

    pub(super) fn one(&self, name: &str) -> Result<f64> {
        let figure = self.all(name).next();
        figure.with_context(|| format!("the program printed no figure `{name}`"))
    }
}

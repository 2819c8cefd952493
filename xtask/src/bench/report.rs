//! Comes in: figures, one by one. Goes out: a table for people, JSON for programs.

use std::fmt;

use serde::Serialize;

/// What is asked of a figure.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Bar {
    /// The figure itself is at most this, in its own unit.
    AtMost(f64),
    /// The figure itself is at least this, in its own unit.
    AtLeast(f64),
    /// The figure is at most this many times what it is compared with.
    TimesOther(f64),
}

/// One measured figure.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figure {
    section: String,
    what: String,
    value: f64,
    unit: Unit,
    against: Option<Against>,
    bar: Option<Bar>,
    met: Option<bool>,
}

/// What a figure is compared with.
#[derive(Clone, Debug, Serialize)]
struct Against {
    name: String,
    value: f64,
    ratio: f64,
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
    Nanoseconds,
    PerSecond,
    Megabytes,
    Millions,
    Count,
}

impl Figure {
    /// A figure by itself, without a bar.
    pub(super) fn new(section: &str, what: impl Into<String>, value: f64, unit: Unit) -> Self {
        Self {
            section: section.to_owned(),
            what: what.into(),
            value,
            unit,
            against: None,
            bar: None,
            met: None,
        }
    }

    /// The same figure, compared with another one of the same unit.
    pub(super) fn against(mut self, name: &str, value: f64) -> Self {
        self.against = Some(Against {
            name: name.to_owned(),
            value,
            ratio: self.value / value,
        });
        self
    }

    /// The same figure, with what is asked of it.
    pub(super) fn bar(mut self, bar: Bar) -> Self {
        self.met = match bar {
            Bar::AtMost(most) => Some(self.value <= most),
            Bar::AtLeast(least) => Some(self.value >= least),
            Bar::TimesOther(most) => self.against.as_ref().map(|other| other.ratio <= most),
        };
        self.bar = Some(bar);
        self
    }
}

/// All figures of one run, and what could not be measured.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    figures: Vec<Figure>,
    notes: Vec<Note>,
}

/// A remark on a section: what was left out and why, or what a figure means.
#[derive(Debug, Serialize)]
struct Note {
    section: String,
    text: String,
}

impl Report {
    /// Adds a figure.
    pub(super) fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Adds a remark.
    pub(super) fn note(&mut self, section: &str, text: impl Into<String>) {
        self.notes.push(Note {
            section: section.to_owned(),
            text: text.into(),
        });
    }

    /// The sections in the order in which they came.
    fn sections(&self) -> Vec<&str> {
        let mut sections: Vec<&str> = Vec::new();
        let figures = self.figures.iter().map(|figure| figure.section.as_str());
        for section in figures.chain(self.notes.iter().map(|note| note.section.as_str())) {
            if !sections.contains(&section) {
                sections.push(section);
            }
        }
        sections
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for section in self.sections() {
            writeln!(formatter, "\n{section}")?;
            for figure in self
                .figures
                .iter()
                .filter(|figure| figure.section == section)
            {
                writeln!(formatter, "{figure}")?;
            }
            for note in self.notes.iter().filter(|note| note.section == section) {
                writeln!(formatter, "  - {}", note.text)?;
            }
        }
        let missed = self
            .figures
            .iter()
            .filter(|figure| figure.met == Some(false))
            .count();
        let held = self
            .figures
            .iter()
            .filter(|figure| figure.met == Some(true))
            .count();
        write!(formatter, "\n{held} bars met, {missed} missed")
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.unit.show(self.value);
        write!(formatter, "  {:<44}{value:>12}", self.what)?;
        let against = self.against.as_ref().map_or_else(String::new, |other| {
            format!(
                "{:.2} x {} ({})",
                other.ratio,
                other.name,
                self.unit.show(other.value)
            )
        });
        write!(formatter, "   {against:<44}")?;
        let bar = match self.bar {
            Some(Bar::AtMost(most)) => format!("at most {}", self.unit.show(most)),
            Some(Bar::AtLeast(least)) => format!("at least {}", self.unit.show(least)),
            Some(Bar::TimesOther(most)) => format!("at most {most:.2} x"),
            None => return Ok(()),
        };
        let verdict = match self.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "nothing to compare with",
        };
        write!(formatter, " {bar:<18} {verdict}")
    }
}

impl Unit {
    /// A value with its unit, as a person would write it.
    fn show(self, value: f64) -> String {
        match self {
            Self::Seconds => format!("{value:.2} s"),
            Self::Milliseconds => format!("{value:.2} ms"),
            Self::Nanoseconds => format!("{value:.1} ns"),
            Self::PerSecond => format!("{value:.0} /s"),
            Self::Megabytes => format!("{value:.0} MB"),
            Self::Millions => format!("{value:.0} M"),
            Self::Count => format!("{value:.0}"),
        }
    }
}

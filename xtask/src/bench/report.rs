//! Collects figures, and shows them as a table or as JSON.

use std::{fmt, time::Duration};

use serde::Serialize;

use super::measure::Cost;

/// The target of a figure.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Bar {
    /// At most this, in the unit of the figure.
    AtMost(f64),
    /// At least this, in the unit of the figure.
    AtLeast(f64),
    /// At most this many times the value that it is compared with.
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

/// The unit of a figure.
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
    /// Creates a figure without a target.
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

    /// A number of things. Such numbers are far below the 2^52 that a double holds exactly.
    #[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
    pub(super) fn count(section: &str, what: impl Into<String>, value: usize) -> Self {
        Self::new(section, what, value as f64, Unit::Count)
    }

    /// A duration.
    pub(super) fn seconds(section: &str, what: impl Into<String>, value: Duration) -> Self {
        Self::new(section, what, value.as_secs_f64(), Unit::Seconds)
    }

    pub(super) const fn value(&self) -> f64 {
        self.value
    }

    /// Compares it with another value of the same unit.
    pub(super) fn against(mut self, name: &str, value: f64) -> Self {
        self.against = Some(Against {
            name: name.to_owned(),
            value,
            ratio: self.value / value,
        });
        self
    }

    /// Sets the target.
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

/// All figures of one run, with notes.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    figures: Vec<Figure>,
    notes: Vec<Note>,
}

/// A note on a section: why something was not measured, or what a figure means.
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

    /// Adds a note.
    pub(super) fn note(&mut self, section: &str, text: impl Into<String>) {
        self.notes.push(Note {
            section: section.to_owned(),
            text: text.into(),
        });
    }

    /// Adds the wall time and the processor time of ours, compared with those of another. The wall time has a target.
    pub(super) fn compare(
        &mut self,
        section: &str,
        ours: (&str, &Cost),
        other: (&str, &Cost),
        target: Bar,
    ) {
        let ((what, cost), (name, other)) = (ours, other);
        let wall = Figure::seconds(section, format!("{what}, wall"), cost.wall);
        self.add(wall.against(name, other.wall.as_secs_f64()).bar(target));
        let what = format!("{what}, processor time");
        let processor = Figure::seconds(section, what, cost.processor);
        self.add(processor.against(name, other.processor.as_secs_f64()));
    }

    /// The sections in the order of their first figure.
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
        let with = |met| {
            let figures = self.figures.iter();
            figures.filter(|figure| figure.met == Some(met)).count()
        };
        write!(
            formatter,
            "\n{} targets met, {} missed",
            with(true),
            with(false)
        )
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
    /// Formats a value with its unit.
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

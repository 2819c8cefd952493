//! Texts in one buffer, and the order of the names of a record.

use std::sync::Arc;

use crate::plain::is_plain;

/// Texts in one buffer, or the absence of one.
#[derive(Clone, Default)]
pub(crate) struct Texts {
    /// In the order in which they were written. What was replaced or removed stays until it is more than half.
    pub(crate) text: String,
    pub(crate) spans: Vec<Span>,
}

/// Where a text is in the buffer.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    start: usize,
    /// [`NULL`] if there is no text.
    end: usize,
}

const NULL: usize = usize::MAX;

/// A buffer shorter than this is never rebuilt.
pub(crate) const SMALL: usize = 1024;

impl Span {
    pub(crate) fn of(self, text: &str) -> Option<&str> {
        (self.end != NULL).then(|| &text[self.start..self.end])
    }
}

impl Texts {
    pub(crate) const fn new() -> Self {
        Self {
            text: String::new(),
            spans: Vec::new(),
        }
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        self.spans.get(index)?.of(&self.text)
    }

    /// Writes a text into the buffer.
    pub(crate) fn write(&mut self, text: Option<&str>) -> Span {
        let start = self.text.len();
        self.text.push_str(text.unwrap_or_default());
        Span {
            start,
            end: text.map_or(NULL, |_| self.text.len()),
        }
    }

    pub(crate) fn push(&mut self, text: Option<&str>) {
        let span = self.write(text);
        self.spans.push(span);
    }

    pub(crate) fn remove(&mut self, index: usize) {
        self.spans.remove(index);
        self.shrink();
    }

    /// Rebuilds the buffer if more than half of it is no longer used.
    pub(crate) fn shrink(&mut self) {
        let texts = || self.spans.iter().map(|span| span.of(&self.text));
        let used: usize = texts().flatten().map(str::len).sum();
        if self.text.len() >= SMALL && used * 2 <= self.text.len() {
            let mut copy = Self::new();
            texts().for_each(|text| copy.push(text));
            *self = copy;
        }
    }
}

/// The names of the record that was read last. The next one has the same, most often.
#[derive(Clone, Default)]
pub(crate) struct Layout {
    /// Sorted, each once.
    pub(crate) names: Arc<Texts>,
    /// All names as they were written.
    pub(crate) written: Vec<Span>,
    /// Of each sorted name, the index among those that were written, unless these are sorted.
    pub(crate) sorted: Option<Vec<usize>>,
    /// Whether JSON escapes nothing in the names.
    pub(crate) is_plain: bool,
    /// The length of the record's values.
    pub(crate) length: usize,
}

impl Layout {
    /// Sorts names. Of several that are the same, the last remains.
    pub(crate) fn new(mut names: Texts) -> Self {
        let (text, written) = (&names.text, names.spans.clone());
        let name = |index: &usize| written[*index].of(text);
        let is_plain = is_plain(text);
        let is_sorted = written.is_sorted_by(|a, b| a.of(text) < b.of(text));
        let sorted = (!is_sorted).then(|| {
            let mut sorted: Vec<usize> = (0..written.len()).collect();
            sorted.sort_by(|a, b| name(a).cmp(&name(b)));
            sorted.dedup_by(|later, earlier| {
                let is_same = name(later) == name(earlier);
                if is_same {
                    *earlier = *later;
                }
                is_same
            });
            sorted
        });
        if let Some(sorted) = &sorted {
            names.spans = sorted.iter().map(|index| written[*index]).collect();
        }
        Self {
            names: Arc::new(names),
            written,
            sorted,
            is_plain,
            length: 0,
        }
    }

    /// A name in the order in which they were written.
    pub(crate) fn name(&self, index: usize) -> Option<&str> {
        self.written.get(index)?.of(&self.names.text)
    }

    /// The first names in that order.
    pub(crate) fn first(&self, count: usize) -> Texts {
        let mut first = Texts::new();
        (0..count).for_each(|index| first.push(self.name(index)));
        first
    }
}

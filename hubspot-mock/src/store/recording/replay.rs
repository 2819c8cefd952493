//! Responses from a recording.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use bytes::Bytes;

use crate::store::recording::Recording;
use crate::store::recording::har::Exchange;
use crate::values::sync;

/// Statuses and bodies, in their order.
type Responses = VecDeque<(u16, Bytes)>;

/// The responses of a recording by request.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    /// By method and target.
    responses: HashMap<(String, String), Mutex<Responses>>,
}

impl Replay {
    pub(crate) fn new(recording: Recording) -> Self {
        let mut responses = HashMap::<_, Responses>::new();
        for exchange in recording.exchanges {
            let Exchange {
                method,
                target,
                status,
                response,
                ..
            } = exchange;
            let of_request = responses.entry((method, target)).or_default();
            of_request.push_back((status, Bytes::from(response)));
        }
        let responses = responses.into_iter();
        Self {
            responses: responses
                .map(|(request, all)| (request, Mutex::new(all)))
                .collect(),
        }
    }

    /// The next response to a request. The last one is repeated.
    pub(crate) fn next(&self, method: &str, target: &str) -> Option<(u16, Bytes)> {
        if self.responses.is_empty() {
            return None;
        }
        let request = (method.to_owned(), target.to_owned());
        let mut responses = sync::lock(self.responses.get(&request)?);
        let first = responses.pop_front()?;
        if responses.is_empty() {
            responses.push_back(first.clone());
        }
        Some(first)
    }
}

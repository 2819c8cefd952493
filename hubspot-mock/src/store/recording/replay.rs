//! Responses from a recording.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};

use crate::store::recording::Recording;
use crate::store::recording::har::Exchange;
use crate::values::sync;

/// Statuses and bodies, in their order.
type Responses = VecDeque<(u16, Bytes)>;

/// The responses of a recording by request.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    /// By method and the normal form of the target.
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
            let of_request = responses.entry((method, normal(&target))).or_default();
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
        let request = (method.to_owned(), normal(target));
        let mut responses = sync::lock(self.responses.get(&request)?);
        let first = responses.pop_front()?;
        if responses.is_empty() {
            responses.push_back(first.clone());
        }
        Some(first)
    }
}

/// The path and query with the same characters percent-encoded, whichever the client has encoded, and with the parameters
/// sorted by name.
fn normal(target: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let encode = |text: &str| {
        let bytes = percent_decode_str(text).collect::<Vec<_>>();
        percent_encode(&bytes, NON_ALPHANUMERIC).to_string()
    };
    let segments = path.split('/').map(encode).collect::<Vec<_>>().join("/");
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let [name, value] = [name, value].map(|text| encode(&text.replace('+', " ")));
        (name, value)
    });
    let mut pairs = pairs.collect::<Vec<_>>();
    // A stable sort: parameters of one name keep their order.
    pairs.sort_by(|(left, _), (right, _)| left.cmp(right));
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    format!("{segments}?{}", pairs.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_of_one_target_are_equal_and_others_are_not() {
        let same = |left, right| normal(left) == normal(right);
        assert!(same(
            "/c/ada%40b%2Eco?a=x,y&b=a+b&c",
            "/c/ada@b.co?c=&b=a%20b&a=x%2cy"
        ));
        assert!(same("/c?b=1&a=2&b=0", "/c?a=2&b=1&b=0"));
        for (left, right) in [
            ("/c/a%2Fb", "/c/a/b"),
            ("/c?a=1%262", "/c?a=1&2"),
            ("/c/a+b", "/c/a b"),
            ("/c?a=1", "/c?a=2"),
            ("/c?a=1&a=2", "/c?a=2&a=1"),
            ("/c%3Fa=1", "/c?a=1"),
        ] {
            assert!(!same(left, right), "{left} {right}");
        }
    }
}

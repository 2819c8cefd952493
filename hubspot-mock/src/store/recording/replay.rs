//! Responses from a recording.

use std::collections::HashMap;
use std::sync::Mutex;

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use serde_json::Value;

use crate::store::recording::Recording;
use crate::store::recording::har::Exchange;
use crate::values::sync;

/// A response of a recording, and the request that it was recorded for.
#[derive(Debug)]
struct Recorded {
    /// The JSON of the request; `None` if its body is not JSON, or empty.
    request: Option<Value>,
    status: u16,
    response: Bytes,
    is_used: bool,
}

/// The responses of a recording by request.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    /// By method and the normal form of the target, in the order of the recording.
    responses: HashMap<(String, String), Mutex<Vec<Recorded>>>,
}

impl Replay {
    pub(crate) fn new(recording: Recording) -> Self {
        let mut responses = HashMap::<_, Vec<Recorded>>::new();
        for exchange in recording.exchanges {
            let Exchange {
                method,
                target,
                request,
                status,
                response,
            } = exchange;
            let of_target = responses.entry((method, normal(&target))).or_default();
            of_target.push(Recorded {
                request: json(request.as_bytes()),
                status,
                response: Bytes::from(response),
                is_used: false,
            });
        }
        let responses = responses.into_iter();
        Self {
            responses: responses
                .map(|(request, all)| (request, Mutex::new(all)))
                .collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.responses.is_empty()
    }

    /// The next response to a request: of those that were recorded for the same JSON, otherwise of all for the target. The last
    /// one is repeated.
    pub(crate) fn next(&self, method: &str, target: &str, body: &[u8]) -> Option<(u16, Bytes)> {
        let request = (method.to_owned(), normal(target));
        let mut recorded = sync::lock(self.responses.get(&request)?);
        let sent = json(body);
        let is_same = |recorded: &Recorded| recorded.request == sent;
        let mut all = recorded.iter();
        let place = all
            .position(|recorded| !recorded.is_used && is_same(recorded))
            .or_else(|| recorded.iter().rposition(is_same))
            .or_else(|| recorded.iter().position(|recorded| !recorded.is_used))
            .or_else(|| recorded.len().checked_sub(1))?;
        let found = recorded.get_mut(place)?;
        found.is_used = true;
        Some((found.status, found.response.clone()))
    }
}

/// The JSON of a body, in which the order of fields and spaces do not matter.
fn json(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok()
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

//! The decoder beside `serde_json`, over responses that were changed at random.

use serde::de::IgnoredAny;

use super::*;

const ANSWERS: [&str; 4] = [
    r#"{"results":[{"id":"512","properties":{"email":"ada@example.com","n":null,"x":"a\"b\\c\/\u00e4\n"},"archived":false}],"paging":{"next":{"after":"NTI1","link":"https://api.hubapi.com/x?after=NTI1"}}}"#,
    r#"[ {"a" : [1, -2, 3.25, 1e5, 6E-2, 0, -0, 18446744073709551615, 18446744073709551616]} , [], {}, true, null ]"#,
    r#"{"status":"error","message":"Property \"x\" does not exist \ud83d\ude00","errors":[{"in":"body","context":{"ids":["1","2"]}}]}"#,
    r#"[[[{"deep":[[{"er":{}}]]}]],"\t\b\f\r","é😀",0.1e+10]"#,
];

/// Replaces, inserts, removes and repeats some bytes.
fn change(body: &mut Vec<u8>, random: &mut fastrand::Rng) {
    const LIKELY: &[u8] = b"{}[]\",:\\/ubnrtf0123456789eE+-. \n\t\0\x1f\x7f\xc3\xa9\xffdDnull";
    for _ in 0..random.usize(1..4) {
        let at = random.usize(0..body.len());
        let byte = LIKELY[random.usize(0..LIKELY.len())];
        match random.u8(0..5) {
            0 => body[at] = byte,
            1 => body.insert(at, byte),
            2 => drop(body.remove(at)),
            3 => body.truncate(at.max(1)),
            _ => {
                let end = body.len().min(at + random.usize(1..9));
                let part = body[at..end].to_vec();
                let to = random.usize(0..=body.len());
                body.splice(to..to, part);
            }
        }
        if body.is_empty() {
            body.push(byte);
        }
    }
}

/// Whether `serde_json` refuses a text for half of a surrogate pair only, which this decoder reads as U+FFFD.
fn is_lone_surrogate(error: &serde_json::Error) -> bool {
    let error = error.to_string();
    error.starts_with("lone leading surrogate") || error.starts_with("unexpected end of hex escape")
}

#[test]
fn exactly_the_valid_documents_are_accepted() {
    let mut random = fastrand::Rng::with_seed(9);
    let (mut valid, mut surrogates) = (0, 0);
    for round in 0..100_000 {
        let mut body = ANSWERS[round % ANSWERS.len()].as_bytes().to_vec();
        change(&mut body, &mut random);
        let shown = String::from_utf8_lossy(&body);
        let read = decode::<Value>(&body);
        // Skipping knows neither the range of numbers nor pairs of surrogates.
        let text = std::str::from_utf8(&body).ok();
        let is_grammatical =
            text.is_some_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        assert_eq!(decode::<Skipped>(&body).is_ok(), is_grammatical, "{shown}");
        match serde_json::from_slice::<Value>(&body) {
            Ok(expected) => {
                valid += 1;
                assert_eq!(read.ok().as_ref(), Some(&expected), "{shown}");
                assert_eq!(decode_any::<Value>(&body).ok(), Some(expected), "{shown}");
            }
            Err(error) if is_lone_surrogate(&error) => {
                surrogates += 1;
                assert_eq!(read.is_ok(), is_grammatical, "{shown}");
            }
            Err(error) => {
                assert!(read.is_err(), "{error}: {shown}");
                assert!(decode_any::<Value>(&body).is_err(), "{error}: {shown}");
            }
        }
    }
    assert!(valid > 10_000 && valid < 90_000, "{valid}");
    assert!(surrogates < 1_000, "{surrogates}");
}

/// A value that is checked and dropped.
struct Skipped;

impl Decode for Skipped {
    fn empty() -> Self {
        Self
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        decoder.skip()
    }
}

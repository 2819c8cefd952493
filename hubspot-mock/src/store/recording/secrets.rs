//! Removes the secrets of an archive from all its texts: those of headers, and those that OAuth requests and responses have.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::store::journal::redact::{self, REDACTED};

/// A header of a request.
#[derive(Deserialize)]
pub(super) struct Header {
    name: String,
    value: String,
}

/// The shortest secret that is searched for in all texts. Shorter texts occur by chance.
const SHORTEST: usize = 6;

/// The shortest value of a cookie that is searched for. Shorter ones are settings such as a language.
const SHORTEST_COOKIE: usize = 16;

/// Parts of the names of headers with secrets.
const HEADERS: [&str; 6] = [
    "api-key",
    "apikey",
    "authorization",
    "csrf",
    "secret",
    "token",
];

const UNRESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The secrets of an archive.
#[derive(Default)]
pub(super) struct Secrets(BTreeSet<String>);

impl Secrets {
    pub(super) fn add_headers(&mut self, headers: &[Header]) {
        for Header { name, value } in headers {
            let name = name.to_ascii_lowercase();
            if name == "cookie" {
                let cookies = value.split(';').filter_map(|cookie| cookie.split_once('='));
                let values = cookies.map(|(_, value)| value.trim().trim_matches('"'));
                self.add_all(values.filter(|value| value.len() >= SHORTEST_COOKIE));
            } else if HEADERS.iter().any(|part| name.contains(part)) {
                let secret = value.split_whitespace().next_back().unwrap_or_default();
                let basic = STANDARD
                    .decode(secret)
                    .ok()
                    .and_then(|bytes| String::from_utf8(bytes).ok());
                let password = basic.as_ref().and_then(|basic| basic.split_once(':'));
                self.add_all(
                    [secret]
                        .into_iter()
                        .chain(password.map(|(_, password)| password)),
                );
            }
        }
    }

    /// Adds the secrets of a URL and a body.
    pub(super) fn add(&mut self, url: &str, body: &str) {
        if let Ok(url) = url::Url::parse(url) {
            let secrets = redact::secrets(url.path(), url.query().unwrap_or_default(), body);
            self.add_all(secrets.iter().map(String::as_str));
        }
    }

    fn add_all<'a>(&mut self, secrets: impl Iterator<Item = &'a str>) {
        let secrets = secrets.filter(|secret| secret.len() >= SHORTEST && *secret != REDACTED);
        self.0.extend(secrets.map(str::to_owned));
    }

    /// Removes the secrets, also percent-encoded ones, from texts.
    pub(super) fn remove_from<'a>(&self, texts: impl Iterator<Item = &'a mut String>) {
        let encoded = |secret: &String| utf8_percent_encode(secret, &UNRESERVED).to_string();
        let forms = self
            .0
            .iter()
            .flat_map(|secret| [encoded(secret), secret.replace('/', "\\/"), secret.clone()]);
        let mut forms = forms.collect::<Vec<_>>();
        // A secret may begin with another one.
        forms.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        forms.dedup();
        for text in texts {
            for secret in &forms {
                if text.contains(secret) {
                    *text = text.replace(secret, REDACTED);
                }
            }
        }
    }
}

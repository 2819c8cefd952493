//! Requests as people and logs write them: a path or a URL, which may follow its method.
//!
//! Queries and fragments are left out: nothing needs them, and they may have secrets.

use std::borrow::Cow;

/// The methods of HubSpot's operations.
pub(crate) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// A request that a text names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Written<'a> {
    /// In upper case, if it is there.
    pub(crate) method: Option<String>,
    /// Begins with `/`, and does not end with it.
    pub(crate) path: Cow<'a, str>,
    /// The host of a URL, without a port.
    host: Option<&'a str>,
}

impl<'a> Written<'a> {
    /// Reads `/crm/v3/objects/contacts`, `GET https://api.hubapi.com/crm/v3/objects/contacts?limit=1` and what is between
    /// them; `None` if the text has no path.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (first, second, third) = (words.next()?, words.next(), words.next());
        // An access log has `GET /path HTTP/1.1`.
        let is_version = |word: &str| word.starts_with("HTTP/");
        let (method, target) = match (second, third) {
            (None, _) => (None, first),
            (Some(version), None) if is_version(version) => (None, first),
            (Some(target), None) => (Some(first), target),
            (Some(target), Some(version)) if is_version(version) => (Some(first), target),
            _ => return None,
        };
        let is_word = |method: &str| method.bytes().all(|byte| byte.is_ascii_alphabetic());
        if words.next().is_some() || !method.is_none_or(is_word) {
            return None;
        }
        let (host, path) = parts(target)?;
        Some(Self {
            method: method.map(str::to_ascii_uppercase),
            path,
            host,
        })
    }

    /// The host, if it is neither HubSpot's nor this computer.
    pub(crate) fn elsewhere(&self) -> Option<&'a str> {
        let is_local = |host: &str| ["localhost", "127.0.0.1", "[::1]"].contains(&host);
        self.host
            .filter(|host| !is_of_hubspot(host) && !is_local(host))
    }
}

/// The host and the path of a URL or of a path, which may lack its first slash.
fn parts(target: &str) -> Option<(Option<&str>, Cow<'_, str>)> {
    let end = target.find(['?', '#']).unwrap_or(target.len());
    let target = &target[..end];
    let (authority, path) = if let Some((_, rest)) = target.split_once("://") {
        let (authority, path) = rest.split_at(rest.find('/')?);
        (Some(authority), path)
    } else {
        let (first, rest) = target.split_at(target.find('/')?);
        // No path of HubSpot begins with such a word.
        if first.contains(['.', ':', '@']) {
            (Some(first), rest)
        } else {
            (None, target)
        }
    };
    let path = path.trim_end_matches('/');
    let path = if path.starts_with('/') {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(format!("/{path}"))
    };
    Some((authority.map(host), path))
}

/// The host of `user:password@host:port`.
fn host(authority: &str) -> &str {
    let address = authority.rsplit('@').next().unwrap_or_default();
    // An address of IPv6 has colons within its brackets.
    let end = match address.find(']') {
        Some(at) => at + 1,
        None => address.find(':').unwrap_or(address.len()),
    };
    &address[..end]
}

/// Returns whether HubSpot's API is at this host: `api.hubapi.com`, `api-eu1.hubapi.com`.
fn is_of_hubspot(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let Some(name) = host.strip_suffix(".hubapi.com") else {
        return false;
    };
    let is_region = |region: &str| {
        let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !region.is_empty() && region.bytes().all(is_known)
    };
    name == "api" || name.strip_prefix("api-").is_some_and(is_region)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The method, the path, and the host that is not HubSpot's.
    fn read(text: &str) -> Option<String> {
        let written = Written::parse(text)?;
        let method = written.method.as_deref().unwrap_or("-");
        let host = written.elsewhere().unwrap_or("-");
        Some(format!("{method} {} {host}", written.path))
    }

    #[test]
    fn requests_are_written_in_several_ways() {
        let path = "/crm/v3/objects/contacts/17";
        for text in [
            path.to_owned(),
            path[1..].to_owned(),
            format!("{path}/"),
            format!("{path}?limit=1/2"),
            format!("{path}#top"),
            format!("https://api.hubapi.com{path}"),
            format!("HTTPS://API.HubAPI.com:443{path}?hapikey=secret"),
            format!("https://u:pw@api-eu1.hubapi.com{path}"),
            format!("api.hubapi.com{path}"),
            format!("http://localhost:8080{path}"),
            format!("http://[::1]:8080{path}/"),
            format!("{path} HTTP/1.1"),
        ] {
            assert_eq!(read(&text), Some(format!("- {path} -")), "{text}");
        }
        for (text, expected) in [
            ("get /a/b", Some("GET /a/b -")),
            ("  PATCH\t/a/{id}  HTTP/2 ", Some("PATCH /a/{id} -")),
            ("https://example.com/a", Some("- /a example.com")),
            (
                "POST https://u@example.com:1/a?b",
                Some("POST /a example.com"),
            ),
            ("ada@example.com/a", Some("- /a example.com")),
            ("https://hubapi.com/a", Some("- /a hubapi.com")),
            ("https://api-.hubapi.com/a", Some("- /a api-.hubapi.com")),
            (
                "https://api.hubapi.com.example.com/a",
                Some("- /a api.hubapi.com.example.com"),
            ),
            ("https://example.com/", Some("- / example.com")),
            ("https://example.com", None),
            ("contacts.list", None),
            ("ada@example.com", None),
            ("GET", None),
            ("a/b /c", None),
            ("GET /a b", None),
            ("GET /a HTTP/1.1 200", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
    }
}

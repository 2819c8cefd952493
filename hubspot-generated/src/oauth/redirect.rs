//! The redirect URI, checked by HubSpot's rules.

use oauth2::url::{Host, Url};

use super::callback::PARAMETERS;

/// A redirect URI that HubSpot accepts.
pub(super) struct RedirectUri {
    text: String,
    #[cfg_attr(not(feature = "axum"), expect(dead_code, reason = "for the router"))]
    pub(super) url: Url,
}

impl RedirectUri {
    /// Checks `text`, and keeps it as it is: HubSpot compares it with the registered one character by character.
    pub(super) fn new(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("is empty");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("has white space or characters that must be percent-encoded");
        }
        if text.contains('\\') {
            return Err("has a backslash");
        }
        if text.contains('#') {
            return Err("has a fragment (#), which a redirect URI cannot have");
        }
        let url = Url::parse(text).map_err(|_| "is not an absolute URL")?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err("must begin with https://");
        }
        // The parser drops an empty user, and accepts `https:host`.
        let rest = text.split_once("://").ok_or("is not an absolute URL")?.1;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("has a user or password");
        }
        let local = match url.host() {
            Some(Host::Domain(domain)) => domain == "localhost",
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => {
                return Err("names its host by an IP address: HubSpot asks for a domain name");
            }
            None => return Err("names no host"),
        };
        if url.scheme() == "http" && !local {
            return Err("must be https, except on localhost");
        }
        let is_callbacks = |name: &str| PARAMETERS.contains(&name);
        if url.query_pairs().any(|(name, _)| is_callbacks(&name)) {
            return Err("has a query parameter that HubSpot adds to it (code, state or error)");
        }
        Ok(Self {
            text: text.to_owned(),
            url,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::RedirectUri;

    #[test]
    fn what_hubspot_takes_is_kept_to_the_character() {
        for text in [
            "https://app.example.com/callback",
            "https://app.example.com/callback/",
            "https://app.example.com",
            "https://app.example.com:8443/hubspot?tenant=1",
            "https://APP.example.com/%7Ecallback",
            "https://localhost/callback",
            "http://localhost:3000/oauth-callback",
            "http://localhost",
        ] {
            let uri = RedirectUri::new(text).unwrap_or_else(|fault| panic!("{text} {fault}"));
            assert_eq!(uri.as_str(), text);
        }
    }

    #[test]
    fn what_hubspot_refuses_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "empty"),
            ("/callback", "not an absolute URL"),
            ("app.example.com/callback", "not an absolute URL"),
            ("//app.example.com/callback", "not an absolute URL"),
            ("https:app.example.com", "not an absolute URL"),
            ("https://", "not an absolute URL"),
            ("http://app.example.com/callback", "must be https"),
            ("http://localhost.example.com/", "must be https"),
            ("http://sub.localhost/", "must be https"),
            ("http://127.0.0.1:3000/callback", "IP address"),
            ("https://10.0.0.1/callback", "IP address"),
            ("https://0x7f.1/callback", "IP address"),
            ("https://2130706433/callback", "IP address"),
            ("https://[::1]/callback", "IP address"),
            ("https://app.example.com/callback#top", "fragment"),
            ("https://app.example.com/callback#", "fragment"),
            ("https://me:hidden@app.example.com/", "user or password"),
            ("https://@app.example.com/", "user or password"),
            ("myapp://callback", "must begin with https"),
            ("javascript:alert(1)", "must begin with https"),
            ("file:///tmp/x", "must begin with https"),
            (" https://app.example.com/", "white space"),
            ("https://app.example.com/a b", "white space"),
            ("https://app.example.com/\n", "white space"),
            ("https://bücher.example.com/", "percent-encoded"),
            ("https:\\\\app.example.com", "backslash"),
            ("https://app.example.com/cb?state=1", "query parameter"),
            ("https://app.example.com/cb?a=1&%63ode=1", "query parameter"),
        ] {
            let fault = RedirectUri::new(text).err().unwrap_or("taken");
            assert!(fault.contains(reason), "{text:?}: {fault}");
        }
    }
}

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
        check_text(text)?;
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
        check_host(&url)?;
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

/// Checks what the parser of URLs would accept or change.
fn check_text(text: &str) -> Result<(), &'static str> {
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
    Ok(())
}

/// Checks the host: a domain, which only `localhost` may have without TLS.
fn check_host(url: &Url) -> Result<(), &'static str> {
    match url.host() {
        Some(Host::Domain(domain)) if url.scheme() == "https" || domain == "localhost" => Ok(()),
        Some(Host::Domain(_)) => Err("must be https, except on localhost"),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => {
            Err("names its host by an IP address: HubSpot asks for a domain name")
        }
        None => Err("names no host"),
    }
}

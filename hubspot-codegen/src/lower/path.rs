//! Path templates: what they may look like, their parameters, and the base paths that `servers` puts in front of them.

use serde_json::Value;

use crate::error::{Error, Problem};
use crate::model::Place;

/// The domains of HubSpot's API.
const DOMAINS: [&str; 2] = ["hubapi.com", "hubspot.com"];

/// The names of the parameters of a template, in its order.
pub(crate) fn parameters(template: &str) -> impl Iterator<Item = &str> {
    let parts = template.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

/// Fails for a text that is no path template, with what would mend it.
pub(crate) fn check(template: &str) -> Result<(), &'static str> {
    let is_control = |letter: char| letter.is_control() || letter.is_whitespace();
    if !template.starts_with('/') {
        Err("must begin with `/`")
    } else if template.contains("//") {
        Err("must not have empty segments")
    } else if template.contains(['?', '#']) {
        Err("must not contain `?` or `#`: describe what follows as parameters with `in: query`")
    } else if template.contains('\\') || template.chars().any(is_control) {
        Err("must not contain white space, control characters or `\\`")
    } else if template.split('/').any(is_dots) {
        Err("must not contain the segments `.` or `..`")
    } else if !has_whole_parameters(template) {
        Err("must name each parameter between `{` and `}`")
    } else {
        Ok(())
    }
}

/// Returns whether a URL parser would resolve this segment as `.` or `..`.
fn is_dots(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

fn has_whole_parameters(template: &str) -> bool {
    let mut parts = template.split('{');
    let before = parts.next().unwrap_or_default();
    let is_whole = |part: &str| {
        part.split_once('}').is_some_and(|(name, rest)| {
            !name.is_empty() && !name.contains('/') && !rest.contains('}')
        })
    };
    !before.contains('}') && parts.all(is_whole)
}

/// The path that the `servers` of a document, a path item or an operation put in front of paths; `None` without `servers`.
///
/// Fails for servers none of which is HubSpot's: a token is sent to HubSpot alone.
pub(crate) fn base(node: &Value, place: &Place) -> Result<Option<String>, Error> {
    let servers = node.get("servers").and_then(Value::as_array);
    let Some(servers) = servers.filter(|servers| !servers.is_empty()) else {
        return Ok(None);
    };
    let urls = servers.iter().map(url).collect::<Vec<_>>();
    let Some(path) = urls.iter().find_map(|url| path_at_hubspot(url)) else {
        let url = urls.into_iter().next().unwrap_or_default();
        let place = place.child("servers").child("0").child("url");
        return Err(Error::new(place, Problem::OtherServer(url)));
    };
    Ok(Some(path.trim_end_matches('/').to_owned()))
}

/// The URL of a server, with the defaults of its variables.
fn url(server: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut url = server.get("url").map(text).unwrap_or_default();
    let variables = server.get("variables").and_then(Value::as_object);
    for (name, variable) in variables.into_iter().flatten() {
        let default = variable.get("default").map(text).unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), &default);
    }
    url
}

/// The path of a URL, if its host is HubSpot's, or if it has none.
fn path_at_hubspot(url: &str) -> Option<&str> {
    let Some((_, rest)) = url.split_once("//") else {
        return Some(url);
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.split(':').next().unwrap_or_default();
    let is_within = |domain: &&str| {
        let before = host.strip_suffix(*domain);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    DOMAINS.iter().any(is_within).then_some(path)
}

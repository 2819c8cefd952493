//! Builds HTTP requests.

use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};

use crate::developer::DeveloperKey;
use crate::parts::Parts;
use crate::upload::Form;

/// Builds the HTTP request.
pub(super) fn write_request(
    parts: &Parts,
    authorization: Option<&HeaderValue>,
) -> Result<reqwest::Request, String> {
    let core = &parts.core;
    let key = core.credential.is_developer_key().then_some(authorization);
    let url = write_url(&core.base_url, parts, key.flatten())?;
    let mut request = reqwest::Request::new(parts.operation.method.to_http(), url);
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, core.user_agent.clone());
    let form = parts.form.as_ref().map(Form::body).transpose()?;
    if let Some((content_type, _)) = &form {
        let content_type = HeaderValue::from_str(content_type);
        headers.insert(
            CONTENT_TYPE,
            content_type.map_err(|error| error.to_string())?,
        );
    } else if let Some(body) = &parts.body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(body.content_type));
    }
    for (name, value) in &parts.headers {
        headers.insert(name.clone(), value.clone());
    }
    if key.is_none()
        && let Some(authorization) = authorization
    {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    if let Some(timeout) = parts.timeout.or(core.timeout) {
        *request.timeout_mut() = Some(timeout);
    }
    *request.body_mut() = match form {
        Some((_, form)) => Some(reqwest::Body::wrap(form)),
        None => parts.body.as_ref().map(|body| body.bytes.clone().into()),
    };
    Ok(request)
}

/// The base URL, the path below it, and the query, of which a developer API key is a part.
fn write_url(base_url: &Url, parts: &Parts, key: Option<&HeaderValue>) -> Result<Url, String> {
    let text = format!("{}{}", base_url.as_str().trim_end_matches('/'), parts.path);
    let mut url = Url::parse(&text).map_err(|_| "the path cannot be part of a URL")?;
    if !has_origin_of(&url, base_url) {
        return Err("the path leads to another host".to_owned());
    }
    if !parts.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&parts.query);
    }
    if let Some(Ok(key)) = key.map(HeaderValue::to_str) {
        url.query_pairs_mut()
            .append_pair(DeveloperKey::PARAMETER, key);
    }
    Ok(url)
}

/// Whether two URLs have one scheme, host and port. Comparing [`Url::origin`]s would copy them.
pub(super) fn has_origin_of(url: &Url, other: &Url) -> bool {
    url.scheme() == other.scheme()
        && url.host() == other.host()
        && url.port_or_known_default() == other.port_or_known_default()
}

//! What a builder refuses, and what it lets through.

use hubspot_generated::{Client, ClientBuilder, Unchecked};

fn builder() -> ClientBuilder<Unchecked> {
    Client::unchecked_builder()
}

#[test]
fn a_token_travels_over_https_or_to_this_machine() {
    for url in [
        "https://api.hubapi.com",
        "https://api.hubapi.com/",
        "https://example.com:8443/proxy/hubspot",
        "http://127.0.0.1:8080",
        "http://127.8.9.1",
        "http://[::1]:80/",
        "http://localhost:3000",
        "http://LOCALHOST",
    ] {
        assert!(builder().base_url(url).build().is_ok(), "{url}");
    }
}

#[test]
fn other_base_urls_are_refused_without_repeating_them() {
    for (url, message) in [
        ("http://api.hubapi.com", "must be https"),
        ("http://127.0.0.1.example.com", "must be https"),
        ("http://localhost.example.com", "must be https"),
        ("http://[::2]", "must be https"),
        ("http://0.0.0.0", "must be https"),
        ("http://10.0.0.1", "must be https"),
        ("ftp://127.0.0.1", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("data:text/plain,hidden", "must begin with https://"),
        ("api.hubapi.com", "is not a URL"),
        ("", "is not a URL"),
        ("https://", "is not a URL"),
        (
            "https://me:hidden@api.hubapi.com",
            "must not contain a user",
        ),
        ("https://me@api.hubapi.com", "must not contain a user"),
        ("https://@api.hubapi.com", "must not contain a user"),
        (
            "https://api.hubapi.com?hapikey=hidden",
            "must not contain a query",
        ),
        ("https://api.hubapi.com#hidden", "must not contain a query"),
    ] {
        let error = builder().base_url(url).build().unwrap_err();
        assert!(error.is_invalid_request());
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(text.contains(message), "{url}: {text}");
            assert!(!text.contains("hidden"), "{text}");
        }
    }
}

#[test]
fn a_token_is_of_visible_characters() {
    for token in [
        "",
        " ",
        "hidden token",
        "hidden\n",
        "hidden\r\nx: y",
        "\thidden",
        "hidden\u{0}",
        "hiddén",
        "hidden\u{7f}",
    ] {
        let error = builder().access_token(token).build().unwrap_err();
        assert!(error.to_string().contains("the access token"), "{error}");
        assert!(!format!("{error} {error:?}").contains("hidd"), "{error:?}");
    }
    let long = "x".repeat(4096);
    assert!(builder().access_token(long).build().is_ok());
}

#[test]
fn a_user_agent_is_a_header() {
    assert!(
        builder()
            .user_agent("nightly/1.0 (ops@example.com)")
            .build()
            .is_ok()
    );
    assert!(
        builder()
            .user_agent("a\nb")
            .build()
            .unwrap_err()
            .to_string()
            .contains("user agent")
    );
}

#[test]
fn nothing_shows_the_token() {
    let builder = builder()
        .access_token("hidden-token")
        .base_url("http://127.0.0.1:1");
    assert!(!format!("{builder:?}").contains("hidden"));
    let client = builder.build().unwrap();
    assert_eq!(
        format!("{client:?}"),
        r#"Client { base_url: "http://127.0.0.1:1/", .. }"#
    );
}

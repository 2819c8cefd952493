//! The install link, byte by byte.

use hubspot_generated::oauth::OAuthApp;

use crate::hub::AppScopes;

fn app() -> OAuthApp<AppScopes> {
    OAuthApp::new(
        "app 1",
        "hidden-secret",
        "https://app.example.com/hubspot?tenant=ä&b".replace('ä', "%C3%A4"),
    )
    .unwrap()
}

#[test]
fn it_asks_for_the_declared_scopes_in_their_split_and_for_no_others() {
    let link = app().authorize_url().state("s t&te").build();
    assert_eq!(
        link.url.as_str(),
        "https://app.hubspot.com/oauth/authorize?client_id=app%201\
         &redirect_uri=https%3A%2F%2Fapp.example.com%2Fhubspot%3Ftenant%3D%25C3%25A4%26b\
         &scope=oauth%20crm.objects.contacts.read\
         &optional_scope=crm.objects.companies.read%20crm.schemas.custom.read\
         &state=s%20t%26te"
    );
    assert_eq!(link.state.expose_secret(), "s t&te");
    assert!(link.pkce_verifier.is_none());
}

#[test]
fn it_names_an_account_conditional_scopes_and_a_challenge_when_asked_to() {
    let link = app()
        .authorize_url()
        .account(17)
        .with_conditional()
        .pkce()
        .state("s")
        .build();
    let url = link.url.as_str();
    assert!(url.starts_with("https://app.hubspot.com/oauth/17/authorize?"));
    assert!(url.contains(
        "&scope=oauth%20crm.objects.contacts.read%20crm.objects.contacts.write&optional_scope="
    ));
    assert!(!url.contains("line_items"), "assumed scopes stay out");
    let verifier = link.pkce_verifier.unwrap();
    assert!(verifier.expose_secret().len() >= 43);
    assert!(!url.contains(verifier.expose_secret()));
    let (_, challenge) = url.split_once("&code_challenge=").unwrap();
    assert!(challenge.ends_with("&code_challenge_method=S256"));
    assert_eq!(
        challenge.len(),
        43 + "&code_challenge_method=S256".len(),
        "the digest of the verifier, in base64"
    );
}

#[test]
fn every_link_has_a_state_of_its_own() {
    let app = app();
    let states: std::collections::BTreeSet<String> = (0..100)
        .map(|_| app.authorize_url().build().state)
        .map(|state| state.expose_secret().to_owned())
        .collect();
    assert_eq!(states.len(), 100);
    assert!(states.iter().all(|state| state.len() >= 43), "32 bytes");
}

#[test]
fn a_redirect_uri_that_hubspot_would_refuse_is_refused_with_the_reason() {
    for (uri, reason) in [
        ("http://app.example.com/callback", "must be https"),
        ("https://192.0.2.1/callback", "IP address"),
        ("https://app.example.com/#x", "fragment"),
        ("/callback", "not an absolute URL"),
    ] {
        let error = OAuthApp::<AppScopes>::new("id", "hidden-secret", uri).unwrap_err();
        assert!(error.is_invalid_request());
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert!(OAuthApp::<AppScopes>::new("", "hidden", "https://a.example").is_err());
    assert!(OAuthApp::<AppScopes>::new("id", " ", "https://a.example").is_err());
}

#[test]
fn a_consent_page_is_asked_for_over_https_or_on_this_machine() {
    let app = |base: &str| {
        OAuthApp::<AppScopes>::builder("id", "hidden", "http://localhost:1")
            .authorize_base_url(base)
            .build()
    };
    assert!(app("http://app.hubspot.example").is_err());
    let local = app("http://127.0.0.1:8080/").unwrap();
    let link = local.authorize_url().build();
    assert!(
        link.url
            .as_str()
            .starts_with("http://127.0.0.1:8080/oauth/authorize?")
    );
}

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
        let app = OAuthApp::<AppScopes>::new("id", "hidden-secret", text).unwrap();
        assert_eq!(app.redirect_uri(), text);
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
        let error = OAuthApp::<AppScopes>::new("id", "hidden-secret", text).unwrap_err();
        assert!(error.to_string().contains(reason), "{text:?}: {error}");
    }
}

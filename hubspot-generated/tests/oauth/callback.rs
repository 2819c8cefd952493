//! Callbacks, genuine and forged.

use std::sync::LazyLock;

use hubspot_generated::oauth::{OAuthApp, OAuthError, callback_page};
use hubspot_generated::{Error, Secret};

use crate::hub::AppScopes;

static APP: LazyLock<OAuthApp<AppScopes>> =
    LazyLock::new(|| OAuthApp::new("id", "hidden-secret", "https://a.example/cb").unwrap());

fn read(query: &str) -> Result<Secret, Error> {
    APP.callback(query, &Secret::from("hidden-state"))
}

#[test]
fn the_code_comes_out_of_a_query_or_a_url() {
    for query in [
        "code=hidden%2Dcode&state=hidden-state",
        "?state=hidden-state&code=hidden-code&utm_source=mail",
        "/cb?code=hidden-code&state=hidden-state",
        "https://a.example/cb?code=hidden-code&state=hidden-state#_=_",
    ] {
        assert_eq!(
            read(query).unwrap().expose_secret(),
            "hidden-code",
            "{query}"
        );
    }
}

#[test]
fn a_forged_or_missing_state_is_refused() {
    for query in [
        "code=hidden-code",
        "code=hidden-code&state=",
        "code=hidden-code&state=hidden-stat",
        "code=hidden-code&state=hidden-statE",
        "code=hidden-code&state=hidden-state%20",
        "error=access_denied&state=forged",
        "error=access_denied",
        "error=access_denied&error_description=Call+0800+123&state=",
    ] {
        let error = read(query).unwrap_err();
        assert!(
            matches!(error.oauth(), Some(OAuthError::ForgedState)),
            "{query}"
        );
        let text = format!("{error} {error:?} {}", callback_page(Err(&error)));
        assert!(!text.contains("0800") && !text.contains("denied"), "{text}");
    }
    let error = APP
        .callback("code=c&state=", &Secret::from(""))
        .unwrap_err();
    assert!(
        matches!(error.oauth(), Some(OAuthError::ForgedState)),
        "an empty state is none"
    );
}

#[test]
fn a_refusal_is_told_apart_by_its_code() {
    let query = "error=access_denied&error_description=The+user+said+%22no%22&state=hidden-state";
    let error = read(query).unwrap_err();
    let Some(OAuthError::Denied(denial)) = error.oauth() else {
        panic!("{error}")
    };
    assert!(denial.is_by_user());
    assert_eq!(denial.description(), Some("The user said \"no\""));
    assert_eq!(
        error.to_string(),
        "the app was not connected: access_denied"
    );

    let error = read("error=a+b%0a<x>&state=hidden-state").unwrap_err();
    assert!(!format!("{error}").contains('<'), "{error}");
}

#[test]
fn what_hubspot_does_not_send_is_refused() {
    let long = format!("code={}&state=hidden-state", "c".repeat(20_000));
    for query in [
        "",
        "state=hidden-state",
        "code=hidden-code&error=access_denied&state=hidden-state",
        "code=hidden-code&code=hidden-code&state=hidden-state",
        "code=hidden-code&state=hidden-state&state=hidden-state",
        "code=&state=hidden-state",
        "code=hidden%0acode&state=hidden-state",
        "code=hidden%ffcode&state=hidden-state",
        &long,
    ] {
        let error = read(query).unwrap_err();
        assert!(
            matches!(error.oauth(), Some(OAuthError::Callback(_))),
            "{query}: {error}"
        );
    }
}

//! The consent page.

use std::time::Duration;

use hubspot_mock::{App, MockHubSpot};
use serde_json::json;

use super::{assert_protected, attributes, between};
use crate::support::{Answer, exchange, get, request};

const LINK: &str = "/oauth/authorize?client_id=id\
    &redirect_uri=https%3A%2F%2Fapp.example%2Fcallback%3Ffrom%3Dhubspot\
    &scope=oauth%20crm.objects.contacts.read%20tickets\
    &optional_scope=automation%20crm.objects.companies.read";

async fn start() -> MockHubSpot {
    let hubspot = MockHubSpot::start().await.unwrap();
    let app = App::new("id", "app-secret")
        .name("Sync <b>&\"co\"")
        .redirect_uri("https://app.example/callback?from=hubspot")
        .required(["oauth", "crm.objects.contacts.read"])
        .conditional(["tickets", "files"])
        .optional(["automation", "crm.objects.companies.read", "forms"]);
    hubspot.register(app).unwrap();
    hubspot
}

fn nonce(page: &Answer) -> String {
    between(&page.text(), r#"name="nonce" value=""#, "\"").to_owned()
}

async fn answer(hubspot: &MockHubSpot, target: &str, form: &str) -> Answer {
    let request = format!(
        "POST {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n{form}",
        form.len()
    );
    let (answer, end) = exchange(hubspot, request.as_bytes()).await;
    end.unwrap();
    Answer::read(&answer)
}

/// That there is a page, with this title, and no redirect.
fn assert_problem(page: &Answer, status: u16, title: &str) {
    let text = page.text();
    assert_eq!(
        (page.status, between(&text, "<h1>", "</h1>")),
        (status, title)
    );
    assert!(text.contains(r#"id="problem""#));
    assert_eq!(page.header("location"), None);
    assert_protected(page);
}

#[tokio::test]
async fn the_page_lists_the_scopes_by_kind() {
    let hubspot = start().await;
    let acme = hubspot.account("acme & sons");
    let page = get(&hubspot, LINK, None).await;
    assert_eq!(page.status, 200);
    assert_protected(&page);
    let text = page.text();
    let scopes = attributes(&text, "data-scope");
    let kinds = attributes(&text, "data-kind");
    let listed: Vec<_> = scopes.into_iter().zip(kinds).collect();
    let expected = [
        ("crm.objects.contacts.read", "required"),
        ("oauth", "required"),
        ("tickets", "conditional"),
        ("automation", "optional"),
        ("crm.objects.companies.read", "optional"),
    ];
    assert_eq!(listed, expected);
    assert!(text.contains("Read contacts"));
    assert!(text.contains("acme &amp; sons"));
    assert_eq!(
        attributes(&text, "data-hub-id"),
        [acme.hub_id().to_string()]
    );
    assert!(text.contains("Sync &lt;b&gt;&amp;&quot;co&quot;"));
    assert!(!text.contains("<b>"));
}

#[tokio::test]
async fn the_form_may_redirect_to_the_app() {
    let hubspot = start().await;
    hubspot.account("acme");
    let page = get(&hubspot, LINK, None).await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("form-action 'self' https://app.example;"),
        "{policy}"
    );
}

#[tokio::test]
async fn granting_redirects_to_the_app_with_code_and_state() {
    let hubspot = start().await;
    hubspot.account("acme");
    let link = format!("{LINK}&state=a%26b%3D%20%C3%BC");
    let page = get(&hubspot, &link, None).await;
    let form = format!("nonce={}&decision=grant", nonce(&page));
    let granted = answer(&hubspot, &link, &form).await;
    assert_eq!((granted.status, granted.text().as_str()), (302, ""));
    let location = granted.header("location").unwrap();
    let rest = location
        .strip_prefix("https://app.example/callback?from=hubspot&code=")
        .unwrap();
    let (code, state) = rest.split_once("&state=").unwrap();
    assert!(code.len() > 30 && code.chars().all(|letter| letter.is_ascii_alphanumeric()));
    assert_eq!(state, "a%26b%3D+%C3%BC");
}

#[tokio::test]
async fn denying_redirects_to_the_app() {
    let hubspot = start().await;
    hubspot.account("acme");
    let link = format!("{LINK}&state=xyz");
    let page = get(&hubspot, &link, None).await;
    let form = format!("nonce={}&decision=deny", nonce(&page));
    let denied = answer(&hubspot, &link, &form).await;
    assert_eq!(denied.status, 302);
    assert_eq!(
        denied.header("location").unwrap(),
        "https://app.example/callback?from=hubspot&error=access_denied\
         &error_description=The+user+denied+the+app+access+to+the+account.&state=xyz"
    );
}

#[tokio::test]
async fn a_form_can_be_sent_once_and_in_time() {
    let hubspot = start().await;
    hubspot.account("acme");
    let gone = "This page is no longer valid";
    let page = get(&hubspot, LINK, None).await;
    let form = format!("nonce={}&decision=grant", nonce(&page));
    assert_eq!(answer(&hubspot, LINK, &form).await.status, 302);
    assert_problem(&answer(&hubspot, LINK, &form).await, 400, gone);
    let page = get(&hubspot, LINK, None).await;
    hubspot.advance(Duration::from_mins(10));
    let form = format!("nonce={}&decision=grant", nonce(&page));
    assert_problem(&answer(&hubspot, LINK, &form).await, 400, gone);
    let page = get(&hubspot, LINK, None).await;
    let real = nonce(&page);
    for forged in [
        "decision=grant",
        "nonce=&decision=grant",
        "nonce=abc&decision=grant",
    ] {
        assert_problem(&answer(&hubspot, LINK, forged).await, 400, gone);
    }
    for undecided in [
        format!("nonce={real}"),
        format!("nonce={real}&decision=perhaps"),
    ] {
        assert_problem(&answer(&hubspot, LINK, &undecided).await, 400, gone);
    }
}

#[tokio::test]
async fn the_user_chooses_one_of_several_accounts() {
    let hubspot = start().await;
    let (acme, umbrella) = (hubspot.account("acme"), hubspot.account("umbrella"));
    let link = format!("{LINK}&state=a%26b");
    let page = get(&hubspot, &link, None).await;
    let text = page.text();
    assert_eq!(
        (page.status, between(&text, "<h1>", "</h1>")),
        (200, "Choose an account")
    );
    let ids = [acme.hub_id().to_string(), umbrella.hub_id().to_string()];
    assert_eq!(attributes(&text, "data-hub-id"), ids);
    let target = attributes(&text, "href")[1].replace("&amp;", "&");
    let page = get(&hubspot, &target, None).await;
    assert_eq!(attributes(&page.text(), "data-hub-id"), [ids[1].as_str()]);
    let form = format!("nonce={}&decision=grant", nonce(&page));
    let granted = answer(&hubspot, &target, &form).await;
    assert!(
        granted
            .header("location")
            .unwrap()
            .ends_with("&state=a%26b")
    );
}

#[tokio::test]
async fn missing_features_are_left_out_or_block_the_install() {
    let hubspot = start().await;
    hubspot.account("acme").lacks(["automation"]);
    let page = get(&hubspot, LINK, None).await;
    assert!(!attributes(&page.text(), "data-scope").contains(&"automation"));
    for required in ["crm.objects.contacts.read", "tickets"] {
        hubspot.account("acme").lacks([required]);
        let page = get(&hubspot, LINK, None).await;
        assert_problem(&page, 403, "This account cannot be connected");
        assert_eq!(attributes(&page.text(), "data-scope"), [required]);
    }
}

#[tokio::test]
async fn a_link_that_differs_from_the_settings_is_refused_with_the_difference() {
    let hubspot = start().await;
    hubspot.account("acme");
    let link = LINK
        .replace("oauth%20", "")
        .replace("optional_scope=", "optional_scope=hubdb%20");
    let page = get(&hubspot, &link, None).await;
    assert_problem(
        &page,
        400,
        "The link's scopes differ from the app's settings",
    );
    let text = page.text();
    assert_eq!(attributes(&text, "data-scope"), ["oauth", "hubdb"]);
    assert!(text.contains("is required by the app's settings, but missing in scope"));
    assert!(text.contains("is in optional_scope, but not in the app's settings"));
}

#[tokio::test]
async fn invalid_links_are_refused_without_a_redirect() {
    let hubspot = start().await;
    hubspot.account("acme");
    for (link, status, title) in [
        (
            LINK.replace("client_id=id", ""),
            400,
            "The link is incomplete",
        ),
        (
            LINK.replace("client_id=id", "client_id=x"),
            400,
            "No app has this client ID",
        ),
        (format!("{LINK}&client_id=id"), 400, "The link is ambiguous"),
        (
            LINK.replace("callback", "callback%2F"),
            400,
            "The redirect URI is not registered",
        ),
        (
            LINK.replace("app.example", "evil.example"),
            400,
            "The redirect URI is not registered",
        ),
        (
            format!("{LINK}&response_type=token"),
            400,
            "The link requests something that is not supported",
        ),
        (
            format!("{LINK}&code_challenge=abc"),
            400,
            "The link requests something that is not supported",
        ),
        (
            LINK.replace("/oauth/", "/oauth/999/"),
            404,
            "No account has this Hub ID",
        ),
    ] {
        assert_problem(&get(&hubspot, &link, None).await, status, title);
    }
}

#[tokio::test]
async fn text_from_links_is_escaped() {
    let hubspot = start().await;
    hubspot.account("acme");
    let script = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%3E";
    for link in [
        LINK.replace("https%3A%2F%2Fapp.example", script),
        LINK.replace("tickets", script),
        LINK.replace("client_id=id", &format!("client_id={script}")),
    ] {
        let page = get(&hubspot, &link, None).await;
        assert_eq!(page.status, 400);
        assert_protected(&page);
        assert!(!page.text().contains("<script>"));
    }
}

#[tokio::test]
async fn without_an_account_there_is_an_error_page() {
    let hubspot = start().await;
    assert_problem(
        &get(&hubspot, LINK, None).await,
        404,
        "There is no account yet",
    );
}

#[tokio::test]
async fn other_methods_are_refused() {
    let hubspot = start().await;
    let body = json!({}).to_string();
    let page = request(&hubspot, "PUT", LINK, None, Some(&body)).await;
    assert_problem(&page, 405, "Method not allowed");
    assert_eq!(page.header("allow"), Some("GET, HEAD, POST"));
}

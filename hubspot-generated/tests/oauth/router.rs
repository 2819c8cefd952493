//! The two pages of an installation, as a browser requests them.

use hubspot_generated::Unchecked;
use hubspot_generated::oauth::{CallbackRouter, OAuthApp};
use reqwest::{Client, Response, StatusCode, redirect};
use serde_json::json;

use crate::hub::{ACCOUNT, Hub, Odd, field};

struct Browser {
    http: Client,
    url: String,
    outcomes: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
}

impl Browser {
    async fn open(hub: &Hub) -> Self {
        let outcomes = std::sync::Arc::<std::sync::Mutex<Vec<String>>>::default();
        let told = outcomes.clone();
        let router = CallbackRouter::new(hub.app().build().unwrap())
            .install_path("/install")
            .pkce()
            .on_outcome(move |outcome| {
                let text = outcome.map_or_else(ToString::to_string, |ok| ok.hub_id.to_string());
                told.lock().unwrap().push(text);
            })
            .into_router()
            .unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .tls_certs_only([])
            .build()
            .unwrap();
        Self {
            http,
            url,
            outcomes,
        }
    }

    async fn get(&self, path: &str, cookie: Option<&str>) -> Response {
        let mut request = self.http.get(format!("{}{path}", self.url));
        if let Some(cookie) = cookie {
            request = request.header("cookie", format!("theme=dark; {cookie}; lang=de"));
        }
        request.send().await.unwrap()
    }

    /// Follows the install link; gives the cookie and HubSpot's query.
    async fn install(&self) -> (String, String) {
        let response = self.get("/install", None).await;
        assert_eq!(response.status(), StatusCode::FOUND);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        let cookie = header("set-cookie");
        assert!(
            cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"),
            "{cookie}"
        );
        assert_eq!(header("cache-control"), "no-store");
        let location = header("location");
        let (_, query) = location.split_once("/oauth/authorize?").unwrap();
        (
            cookie.split(';').next().unwrap().to_owned(),
            query.to_owned(),
        )
    }
}

#[tokio::test]
async fn an_installation_ends_with_a_connected_account_and_a_page() {
    let hub = Hub::start().await;
    let browser = Browser::open(&hub).await;
    let (cookie, query) = browser.install().await;
    let state = field(&query, "state").unwrap();
    let path = format!("/callback?code=hidden-code&state={state}");
    let page = browser.get(&path, Some(&cookie)).await;
    assert_eq!(page.status(), StatusCode::OK);
    let header = |name: &str| page.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert!(header("set-cookie").starts_with("hubspot-oauth=; Path=/; Max-Age=0"));
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("content-security-policy").starts_with("default-src 'none'"));
    let page = page.text().await.unwrap();
    assert!(page.contains("<h1 data-mark=\"✓\">Connected</h1>"));
    assert!(page.contains(&ACCOUNT.to_string()) && page.contains("crm.objects.contacts.read"));
    assert!(!page.contains("hidden") && !page.contains("<script"));
    let verifier = field(&hub.inner().forms[0], "code_verifier").unwrap();
    assert!(
        cookie.ends_with(&format!(".{verifier}")),
        "what the challenge asks for"
    );

    // The browser has no cookie any more.
    let again = browser.get(&path, None).await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
    assert!(again.text().await.unwrap().contains("it was opened twice"));
    // Nor does a code work twice if the cookie was kept.
    hub.next(Odd::json(400, &json!({"error": "invalid_grant"})));
    let again = browser.get(&path, Some(&cookie)).await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
    let outcomes = browser.outcomes.lock().unwrap();
    assert_eq!(outcomes[0], ACCOUNT.to_string());
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
}

#[tokio::test]
async fn the_state_of_another_link_connects_nothing() {
    let hub = Hub::start().await;
    let browser = Browser::open(&hub).await;
    let (_, others) = browser.install().await;
    let (cookie, _) = browser.install().await;
    let state = field(&others, "state").unwrap();
    let path = format!("/callback?code=hidden-code&state={state}");
    for cookie in [
        None,
        Some(cookie.as_str()),
        Some("hubspot-oauth="),
        Some("other=1"),
    ] {
        let page = browser.get(&path, cookie).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    }
    let page = browser
        .get("/callback?code=hidden-code&state=", Some("hubspot-oauth="))
        .await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert_eq!(hub.asked(), 0, "no code is exchanged");
}

#[tokio::test]
async fn a_refusal_ends_with_a_page_that_escapes_its_text() {
    let hub = Hub::start().await;
    let browser = Browser::open(&hub).await;
    let (cookie, query) = browser.install().await;
    let state = field(&query, "state").unwrap();
    let path = format!(
        "/callback?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state={state}"
    );
    let page = browser.get(&path, Some(&cookie)).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(page.headers().contains_key("set-cookie"));
    let page = page.text().await.unwrap();
    assert!(page.contains("Not connected") && page.contains("did not grant"));
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script"));
    assert_eq!(hub.asked(), 0);
    assert_eq!(browser.outcomes.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_callback_without_the_right_state_changes_nothing() {
    let hub = Hub::start().await;
    let browser = Browser::open(&hub).await;
    let (cookie, query) = browser.install().await;
    for callback in [
        "error=access_denied&error_description=Call+0800+123",
        "error=access_denied&error_description=Call+0800+123&state=",
        "error=0800&error_description=Call+0800+123&state=guessed",
        "error=0800&error=0800",
        "error=0800&code=0800",
        "code=hidden-code&state=guessed",
        "code=hidden-code",
        "",
    ] {
        let page = browser
            .get(&format!("/callback?{callback}"), Some(&cookie))
            .await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{callback}");
        assert!(!page.headers().contains_key("set-cookie"), "{callback}");
        let page = page.text().await.unwrap();
        assert!(page.contains("not opened from the install link"), "{page}");
        assert!(!page.contains("0800") && !page.contains("HubSpot says"));
        assert!(browser.outcomes.lock().unwrap().is_empty(), "{callback}");
    }
    // The user's own callback still counts.
    let state = field(&query, "state").unwrap();
    let path = format!("/callback?code=hidden-code&state={state}");
    let page = browser.get(&path, Some(&cookie)).await;
    assert_eq!(page.status(), StatusCode::OK);
}

#[test]
fn a_path_that_cannot_be_a_route_is_an_error() {
    let router = |redirect_path: &str, install_path: Option<&str>| {
        let uri = format!("http://localhost:3000{redirect_path}");
        let app = OAuthApp::<Unchecked>::new("id", "hidden-secret", uri).unwrap();
        let mut router = CallbackRouter::new(app);
        if let Some(path) = install_path {
            router = router.install_path(path);
        }
        router.into_router().map(drop)
    };
    for path in [
        "",
        "/",
        "/callback",
        "/a/b/",
        "/callback?tenant=1",
        "/a:b",
        "/a*",
        "/%7Bx%7D",
    ] {
        router(path, None).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    for path in ["/:cb", "/*a", "/a/:b", "/a/*"] {
        let error = router(path, None).unwrap_err().to_string();
        assert!(
            error.contains("the path of the redirect URI would be"),
            "{error}"
        );
    }
    for path in [
        "",
        "install",
        "/:i",
        "/{i}",
        "/{",
        "/a/{*rest}",
        "/*i",
        "/i?x=1",
        "/i#x",
        "/i j",
        "/ü",
        "/callback",
    ] {
        let error = router("/callback", Some(path)).unwrap_err().to_string();
        assert!(error.contains("the install path"), "{path:?}: {error}");
    }
}

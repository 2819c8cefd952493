//! A HubSpot with a token endpoint that responds as a test tells it to.
//!
//! Access tokens are `hidden-access-1`, `-2` and so on; the last one is valid.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use hubspot_generated::Client;
use hubspot_generated::oauth::{
    MemoryStore, OAuthApp, OAuthAppBuilder, TokenEvent, TokenRecord, TokenStore,
};
use serde_json::{Value, json};

use crate::clock::Shared;
pub(crate) use crate::clock::TestClock;

hubspot_generated::scope_set! {
    /// What the app of these tests is installed with.
    pub(crate) struct AppScopes {
        required: ["oauth", "crm.objects.contacts.read"],
        conditional: ["crm.objects.contacts.write"],
        optional: ["crm.objects.companies.read", "crm.schemas.custom.read"],
        assume: ["crm.objects.line_items.read"],
    }
}

pub(crate) const ACCOUNT: u64 = 6_000_000_017;
pub(crate) const REDIRECT_URI: &str = "http://localhost:3000/callback";

/// A response that a test prescribes.
#[derive(Clone)]
pub(crate) struct Odd {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Odd {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.to_string(),
        }
    }
}

/// What a hub has received, and how it responds.
pub(crate) struct Inner {
    /// The bodies that the token endpoint got.
    pub(crate) forms: Vec<String>,
    /// The paths of all requests.
    pub(crate) paths: Vec<String>,
    /// The responses to the next token requests.
    pub(crate) script: VecDeque<Odd>,
    /// How many tokens it has given.
    pub(crate) issued: u32,
    /// Whether a refresh token is good for one refresh.
    pub(crate) rotates: bool,
    /// The delay of a token response.
    pub(crate) delay: Duration,
    /// The account of the tokens.
    pub(crate) hub_id: u64,
    pub(crate) scopes: Vec<&'static str>,
    /// The category of the 401 for a token that is not the last one.
    pub(crate) category: &'static str,
    /// The static token that it knows.
    pub(crate) static_token: &'static str,
    /// The response to every API request, whatever its token.
    pub(crate) refusal: Option<Odd>,
    /// The end of the paths to which it responds 401, whatever the token.
    pub(crate) refused_path: Option<&'static str>,
    /// The body of introspection responses, if it is not to be correct.
    pub(crate) introspection: Option<String>,
    /// The scopes of the static token, if they are not to be correct.
    pub(crate) static_scopes: Option<Value>,
}

pub(crate) struct Hub {
    address: std::net::SocketAddr,
    inner: Arc<Mutex<Inner>>,
}

impl Hub {
    pub(crate) async fn start() -> Self {
        crate::secrets::log();
        let inner = Arc::new(Mutex::new(Inner {
            forms: Vec::new(),
            paths: Vec::new(),
            script: VecDeque::new(),
            issued: 0,
            rotates: false,
            delay: Duration::ZERO,
            hub_id: ACCOUNT,
            scopes: vec!["oauth", "crm.objects.contacts.read"],
            category: "EXPIRED_AUTHENTICATION",
            static_token: "pat-hidden-1",
            refusal: None,
            refused_path: None,
            introspection: None,
            static_scopes: None,
        }));
        let router = Router::new().fallback(respond).with_state(inner.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, inner }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// Sets the response to the next token request.
    pub(crate) fn next(&self, odd: Odd) {
        self.inner().script.push_back(odd);
    }

    /// How many requests that are not for tokens there were.
    pub(crate) fn calls(&self) -> usize {
        let inner = self.inner();
        let calls = inner.paths.iter().filter(|path| path.starts_with("GET "));
        calls.count()
    }

    /// How many requests for tokens there were.
    pub(crate) fn asked(&self) -> usize {
        self.inner().forms.len()
    }

    pub(crate) fn app(&self) -> OAuthAppBuilder<AppScopes> {
        OAuthApp::<AppScopes>::builder("app-1", "hidden-secret", REDIRECT_URI)
            .client(Client::builder().base_url(self.url()))
            .authorize_base_url(self.url())
    }

    /// An app with this clock and store.
    pub(crate) fn app_with<T: TokenStore>(
        &self,
        clock: &Arc<TestClock>,
        store: &Arc<T>,
    ) -> OAuthAppBuilder<AppScopes> {
        let client = Client::builder().base_url(self.url());
        self.app()
            .client(client.clock(Shared(Arc::clone(clock))))
            .store(Kept(Arc::clone(store)))
    }

    /// An app with this clock, whose store has a token that lives for half an hour from now.
    pub(crate) async fn connected(&self, clock: &Arc<TestClock>) -> Connected {
        let events = Events::default();
        let store = Arc::new(MemoryStore::default());
        let app = self
            .app_with(clock, &store)
            .on_event(events.hook())
            .build()
            .unwrap();
        app.connect(&"hidden-code".into(), None).await.unwrap();
        self.inner().forms.clear();
        events.take();
        Connected { app, store, events }
    }
}

/// An app that is connected to [`ACCOUNT`].
pub(crate) struct Connected {
    pub(crate) app: OAuthApp<AppScopes>,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) events: Events,
}

impl Connected {
    pub(crate) async fn token(&self) -> Result<String, hubspot_generated::Error> {
        let tokens = self.app.tokens().account(ACCOUNT);
        Ok(tokens.access_token().await?.expose_secret().to_owned())
    }

    pub(crate) async fn stored(&self) -> Option<TokenRecord> {
        self.store.load(ACCOUNT).await.unwrap()
    }
}

/// A store that a test looks into while an app has it.
pub(crate) struct Kept<T>(pub(crate) Arc<T>);

impl<T: TokenStore> TokenStore for Kept<T> {
    fn load(&self, hub_id: u64) -> hubspot_generated::oauth::StoreFuture<'_, Option<TokenRecord>> {
        self.0.load(hub_id)
    }

    fn save<'a>(
        &'a self,
        record: &'a TokenRecord,
    ) -> hubspot_generated::oauth::StoreFuture<'a, hubspot_generated::oauth::Saved> {
        self.0.save(record)
    }

    fn remove(&self, hub_id: u64) -> hubspot_generated::oauth::StoreFuture<'_, ()> {
        self.0.remove(hub_id)
    }
}

/// The events of an app, as text.
#[derive(Clone, Default)]
pub(crate) struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    pub(crate) fn hook(&self) -> impl Fn(&TokenEvent<'_>) + Send + Sync + 'static {
        let events = self.0.clone();
        move |event| {
            let text = format!("{event:?}");
            let name = text.split([' ', '{']).next().unwrap_or_default();
            events.lock().unwrap().push(name.to_owned());
        }
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// A field of a form, decoded.
pub(crate) fn field(form: &str, name: &str) -> Option<String> {
    form.split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(other, _)| *other == name)
        .map(|(_, value)| {
            let value = value.replace('+', " ");
            percent_encoding::percent_decode_str(&value)
                .decode_utf8()
                .unwrap()
                .into_owned()
        })
}

async fn respond(
    State(inner): State<Arc<Mutex<Inner>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    assert!(!uri.to_string().contains("hidden"), "a secret in a URL");
    let path = uri.path().to_owned();
    inner.lock().unwrap().paths.push(format!("{method} {path}"));
    if path.ends_with("/token") {
        let delay = {
            let mut inner = inner.lock().unwrap();
            inner.forms.push(body.clone());
            inner.delay
        };
        tokio::time::sleep(delay).await;
        let mut inner = inner.lock().unwrap();
        let odd = inner.script.pop_front();
        return send(odd.unwrap_or_else(|| inner.give(&body)));
    }
    let inner = inner.lock().unwrap();
    if path.ends_with("/introspect") {
        let response = match inner.introspection.clone() {
            None => Odd::json(200, &inner.introspect(&body)),
            Some(body) => Odd {
                body,
                ..Odd::json(200, &Value::Null)
            },
        };
        return send(response);
    }
    if path.ends_with("/revoke") {
        return StatusCode::NO_CONTENT.into_response();
    }
    if path == "/oauth/v2/private-apps/get/access-token-info" {
        return send(inner.describe_static_token(&body));
    }
    let authorization = headers
        .get(header::AUTHORIZATION)
        .map_or("", |value| value.to_str().unwrap());
    let valid = format!("Bearer hidden-access-{}", inner.issued);
    if let Some(refusal) = inner.refusal.clone() {
        return send(refusal);
    }
    let is_refused = inner.refused_path.is_some_and(|end| path.ends_with(end));
    if is_refused
        || authorization != valid && authorization != format!("Bearer {}", inner.static_token)
    {
        let refusal = json!({"status": "error", "message": "hidden token", "correlationId": "c-1", "category": inner.category});
        return send(Odd::json(401, &refusal));
    }
    send(Odd::json(200, &json!({ "results": [] })))
}

fn send(odd: Odd) -> Response {
    let mut response = odd.body.into_response();
    *response.status_mut() = StatusCode::from_u16(odd.status).unwrap();
    response.headers_mut().remove(header::CONTENT_TYPE);
    for (name, value) in odd.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

impl Inner {
    fn give(&mut self, form: &str) -> Odd {
        let field = |name| field(form, name);
        if field("client_secret").as_deref() != Some("hidden-secret") {
            return Odd::json(401, &json!({"error": "invalid_client"}));
        }
        let spent = || {
            Odd::json(
                400,
                &json!({"error": "invalid_grant", "error_description": "hidden is spent"}),
            )
        };
        match field("grant_type").as_deref() {
            Some("authorization_code") if field("code").as_deref() != Some("hidden-code") => {
                return spent();
            }
            Some("refresh_token")
                if self.rotates
                    && field("refresh_token")
                        != Some(format!("hidden-refresh-{}", self.issued)) =>
            {
                return spent();
            }
            _ => {}
        }
        self.issued += 1;
        Odd::json(
            200,
            &json!({
                "access_token": format!("hidden-access-{}", self.issued),
                "refresh_token": format!("hidden-refresh-{}", if self.rotates { self.issued } else { 1 }),
                "expires_in": 1800, "token_type": "bearer", "hub_id": self.hub_id, "user_id": 7,
                "scopes": self.scopes, "token_use": "access_token", "new_in_2027": {"a": [1]},
            }),
        )
    }

    fn describe_static_token(&self, body: &str) -> Odd {
        if body != format!(r#"{{"tokenKey":"{}"}}"#, self.static_token) {
            let refusal = json!({"status": "error", "message": "no such token: hidden", "category": "OBJECT_NOT_FOUND"});
            return Odd::json(404, &refusal);
        }
        let scopes = self.static_scopes.clone();
        let scopes = scopes.unwrap_or_else(|| json!(self.scopes));
        Odd::json(
            200,
            &json!({"userId": 7, "hubId": ACCOUNT, "appId": 9, "scopes": scopes}),
        )
    }

    fn introspect(&self, form: &str) -> Value {
        if field(form, "token") != Some(format!("hidden-access-{}", self.issued)) {
            return json!({ "active": false });
        }
        json!({
            "active": true, "hub_id": self.hub_id, "scopes": self.scopes, "token": "hidden", "user_id": 7,
            "expires_in": 1700, "client_id": "app-1", "token_type": "bearer", "token_use": "access_token",
        })
    }
}

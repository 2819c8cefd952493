//! Tests of tokens without a server. `tests/oauth/` tests codes and refreshes over HTTP.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Approval, CodeExchange, Issued, Rejected, StaticKind, Tokens};
use crate::definitions::{App, Tier};
use crate::store::{Account, Failure};

const URI: &str = "https://app.example/callback";

/// An app, an account, and a clock.
struct Setup {
    tokens: Tokens,
    app: Arc<App>,
    account: Arc<Account>,
    now: Timestamp,
}

impl Setup {
    fn new() -> Self {
        let tokens = Tokens::seeded(1);
        let app = App::new("id", "secret").redirect_uri(URI);
        Self {
            app: tokens.register(app).unwrap(),
            account: Arc::new(Account::new("acme", 7, Tier::default())),
            tokens,
            now: "2026-11-01T12:00:00Z".parse().unwrap(),
        }
    }

    fn code(&self) -> String {
        let approval = Approval {
            app: &self.app,
            account: &self.account,
            redirect_uri: URI,
            scopes: scopes(&["oauth", "tickets"]),
            challenge: None,
        };
        self.tokens.authorize(approval, self.now)
    }

    fn exchange(&self, code: &str) -> Result<Issued, Failure> {
        let exchange = CodeExchange {
            code,
            redirect_uri: URI,
            verifier: None,
        };
        self.tokens.exchange(&self.app, &exchange, self.now)
    }

    fn install(&self) -> Issued {
        self.exchange(&self.code()).unwrap()
    }

    fn wait(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    fn lookup(&self, token: &str) -> Result<super::Grant, Rejected> {
        self.tokens.lookup(token, self.now)
    }
}

fn scopes(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn uninstalling_invalidates_the_tokens_and_codes_of_that_account() {
    let setup = Setup::new();
    let issued = setup.install();
    let open = setup.code();
    let of_others = setup
        .tokens
        .issue_static(&setup.account, StaticKind::PrivateApp, []);
    assert!(!setup.tokens.uninstall("id", 8));
    assert!(setup.tokens.uninstall("id", 7));
    assert_eq!(
        setup.lookup(&issued.access_token).err(),
        Some(Rejected::Unknown)
    );
    let refreshed = setup
        .tokens
        .refresh(&setup.app, &issued.refresh_token, None, setup.now)
        .err();
    assert_eq!(refreshed, Some(Failure::RefreshToken));
    assert_eq!(setup.exchange(&open).err(), Some(Failure::Code("unknown")));
    assert!(setup.lookup(&of_others).is_ok());
    assert!(!setup.tokens.uninstall("id", 7));
}

#[test]
fn a_static_token_does_not_expire_and_its_rotation_takes_effect_at_once() {
    let mut setup = Setup::new();
    let issue = |kind| {
        setup
            .tokens
            .issue_static(&setup.account, kind, scopes(&["tickets"]))
    };
    let first = issue(StaticKind::ServiceKey);
    setup.wait(10 * 365 * 86_400);
    assert!(setup.lookup(&first).is_ok());
    let second = setup.tokens.rotate_static(&first).unwrap();
    assert_eq!(setup.lookup(&first).err(), Some(Rejected::Unknown));
    assert_eq!(*setup.lookup(&second).unwrap().scopes, scopes(&["tickets"]));
    let third = setup
        .tokens
        .edit_static(&second, scopes(&["files"]))
        .unwrap();
    assert_eq!(setup.lookup(&second).err(), Some(Rejected::Unknown));
    let (edited, holder) = (setup.lookup(&third).unwrap(), "service key 1000002");
    assert_eq!(
        (&*edited.scopes, edited.holder.name.as_str()),
        (&scopes(&["files"]), holder)
    );
    assert_eq!(setup.tokens.rotate_static(&second), None);
    let oauth = setup.install().access_token;
    assert_eq!(setup.tokens.rotate_static(&oauth), None);
    assert!(setup.lookup(&oauth).is_ok());
}

#[test]
fn a_new_registration_keeps_the_id_and_the_tokens() {
    let setup = Setup::new();
    let issued = setup.install();
    let edited = App::new("id", "secret")
        .redirect_uri(URI)
        .required(["files"]);
    let edited = setup.tokens.register(edited).unwrap();
    assert_eq!(edited.id, setup.app.id);
    assert!(setup.lookup(&issued.access_token).is_ok());
    assert_eq!(setup.tokens.apps().len(), 1);
    assert_eq!(setup.tokens.apps()[0].1, [7]);
}

#[test]
fn the_same_seed_generates_the_same_tokens() {
    let (first, second) = (Setup::new(), Setup::new());
    assert_eq!(first.install().access_token, second.install().access_token);
    let account = &first.account;
    let random = || Tokens::default().issue_static(account, StaticKind::PrivateApp, []);
    assert_ne!(random(), random());
}

#[test]
fn the_token_length_is_that_of_the_app() {
    for (asked, given) in [(0, 32), (512, 512), (1_000_000, 4096)] {
        let setup = Setup::new();
        let app = App::new("id", "secret")
            .redirect_uri(URI)
            .token_length(asked);
        setup.tokens.register(app).unwrap();
        let app = setup.tokens.app("id").unwrap();
        let setup = Setup { app, ..setup };
        let issued = setup.install();
        assert_eq!(
            (issued.access_token.len(), issued.refresh_token.len()),
            (given, given)
        );
    }
}

#[test]
fn debug_output_contains_no_secret() {
    let setup = Setup::new();
    let code = setup.code();
    let issued = setup.install();
    let private = setup
        .tokens
        .issue_static(&setup.account, StaticKind::PrivateApp, []);
    let grant = setup.lookup(&issued.access_token).unwrap();
    let shown = setup.tokens.summaries();
    assert_eq!(shown.len(), 3);
    let printed = format!("{:?} {:?} {grant:?} {shown:?}", setup.tokens, setup.app);
    let app_secret = "\"secret\"".to_owned();
    for secret in [
        code,
        issued.access_token,
        issued.refresh_token,
        private,
        app_secret,
    ] {
        assert!(!printed.contains(&secret), "{printed}");
    }
}

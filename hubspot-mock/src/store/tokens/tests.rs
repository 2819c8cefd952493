//! Tests of codes and tokens, without a server.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Approval, CodeExchange, Issued, Kind, Rejected, StaticKind, Tokens};
use crate::definitions::{App, Rotation, Tier};
use crate::store::{Account, Failure};

const URI: &str = "https://app.example/callback";
/// From RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An app, an account, and a clock.
struct Stage {
    tokens: Tokens,
    app: Arc<App>,
    account: Arc<Account>,
    now: Timestamp,
}

impl Stage {
    fn new(rotation: Rotation) -> Self {
        let tokens = Tokens::seeded(1);
        let app = App::new("id", "secret")
            .redirect_uri(URI)
            .rotation(rotation);
        Self {
            app: tokens.register(app).unwrap(),
            account: Arc::new(Account::new("acme", 7, Tier::default())),
            tokens,
            now: "2026-11-01T12:00:00Z".parse().unwrap(),
        }
    }

    fn code(&self, challenge: Option<&str>) -> String {
        let approval = Approval {
            app: &self.app,
            account: &self.account,
            redirect_uri: URI,
            scopes: scopes(&["oauth", "tickets"]),
            challenge,
        };
        self.tokens.authorize(approval, self.now)
    }

    fn exchange(
        &self,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Result<Issued, Failure> {
        let exchange = CodeExchange {
            code,
            redirect_uri,
            verifier,
        };
        self.tokens.exchange(&self.app, &exchange, self.now)
    }

    fn install(&self) -> Issued {
        self.exchange(&self.code(None), URI, None).unwrap()
    }

    fn refresh(&self, token: &str) -> Result<Issued, Failure> {
        self.tokens.refresh(&self.app, token, None, self.now)
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
fn a_code_works_once() {
    let stage = Stage::new(Rotation::Off);
    let code = stage.code(None);
    let issued = stage.exchange(&code, URI, None).unwrap();
    let grant = stage.lookup(&issued.access_token).unwrap();
    assert_eq!((grant.account.hub_id, grant.kind), (7, Kind::OAuth));
    assert_eq!(*grant.scopes, scopes(&["oauth", "tickets"]));
    let again = stage.exchange(&code, URI, None).err();
    assert_eq!(again, Some(Failure::Code("already used")));
}

#[test]
fn a_code_works_for_30_seconds() {
    let mut stage = Stage::new(Rotation::Off);
    let (first, second) = (stage.code(None), stage.code(None));
    stage.wait(29);
    assert!(stage.exchange(&first, URI, None).is_ok());
    stage.wait(1);
    let late = stage.exchange(&second, URI, None).err();
    assert_eq!(late, Some(Failure::Code("expired")));
}

#[test]
fn a_code_belongs_to_its_app_and_redirect_uri() {
    let stage = Stage::new(Rotation::Off);
    let code = stage.code(None);
    let slash = stage
        .exchange(&code, "https://app.example/callback/", None)
        .err();
    assert_eq!(slash, Some(Failure::RedirectUri));
    let other = App::new("other", "secret").redirect_uri(URI);
    let other = stage.tokens.register(other).unwrap();
    let exchange = CodeExchange {
        code: &code,
        redirect_uri: URI,
        verifier: None,
    };
    let stolen = stage.tokens.exchange(&other, &exchange, stage.now).err();
    assert_eq!(stolen, Some(Failure::Code("unknown")));
    assert!(stage.exchange(&code, URI, None).is_ok());
}

#[test]
fn a_challenge_wants_its_verifier() {
    let stage = Stage::new(Rotation::Off);
    let code = stage.code(Some(CHALLENGE));
    let missing = stage.exchange(&code, URI, None).err();
    assert_eq!(missing, Some(Failure::Verifier("is missing")));
    let wrong = stage.exchange(&code, URI, Some(CHALLENGE)).err();
    assert_eq!(
        wrong,
        Some(Failure::Verifier("does not fit the code_challenge"))
    );
    assert!(stage.exchange(&code, URI, Some(VERIFIER)).is_ok());
    let without = stage.exchange(&stage.code(None), URI, Some(VERIFIER)).err();
    let why = "was sent for a link without code_challenge";
    assert_eq!(without, Some(Failure::Verifier(why)));
}

#[test]
fn an_access_token_expires_after_1800_seconds_and_is_refreshed() {
    let mut stage = Stage::new(Rotation::Off);
    let issued = stage.install();
    stage.wait(1799);
    assert!(stage.lookup(&issued.access_token).is_ok());
    stage.wait(1);
    assert_eq!(
        stage.lookup(&issued.access_token).err(),
        Some(Rejected::Expired)
    );
    let renewed = stage.refresh(&issued.refresh_token).unwrap();
    assert!(stage.lookup(&renewed.access_token).is_ok());
    assert_eq!(renewed.refresh_token, issued.refresh_token);
}

#[test]
fn rotation_says_what_becomes_of_the_old_refresh_token() {
    for (rotation, old_works) in [(Rotation::KeepOld, true), (Rotation::EndOld, false)] {
        let stage = Stage::new(rotation);
        let first = stage.install();
        let second = stage.refresh(&first.refresh_token).unwrap();
        assert_ne!(first.refresh_token, second.refresh_token);
        assert_eq!(
            stage.refresh(&first.refresh_token).is_ok(),
            old_works,
            "{rotation:?}"
        );
        assert!(stage.refresh(&second.refresh_token).is_ok());
    }
}

#[test]
fn a_refresh_may_ask_for_fewer_scopes_but_not_for_more() {
    let stage = Stage::new(Rotation::Off);
    let token = stage.install().refresh_token;
    let ask = |names: &[&str]| {
        let wanted = Some(scopes(names));
        stage.tokens.refresh(&stage.app, &token, wanted, stage.now)
    };
    assert_eq!(
        *ask(&["tickets"]).unwrap().grant.scopes,
        scopes(&["tickets"])
    );
    assert_eq!(ask(&["tickets", "files"]).err(), Some(Failure::Scope));
    let all = stage.refresh(&token).unwrap();
    assert_eq!(*all.grant.scopes, scopes(&["oauth", "tickets"]));
}

#[test]
fn uninstalling_ends_every_token_and_code_of_that_account() {
    let stage = Stage::new(Rotation::Off);
    let issued = stage.install();
    let open = stage.code(None);
    let of_others = stage
        .tokens
        .issue_static(&stage.account, StaticKind::PrivateApp, []);
    assert!(!stage.tokens.uninstall("id", 8));
    assert!(stage.tokens.uninstall("id", 7));
    assert_eq!(
        stage.lookup(&issued.access_token).err(),
        Some(Rejected::Unknown)
    );
    let refreshed = stage.refresh(&issued.refresh_token).err();
    assert_eq!(refreshed, Some(Failure::RefreshToken));
    assert_eq!(
        stage.exchange(&open, URI, None).err(),
        Some(Failure::Code("unknown"))
    );
    assert!(stage.lookup(&of_others).is_ok());
    assert!(!stage.tokens.uninstall("id", 7));
}

#[test]
fn a_static_token_does_not_expire_and_is_replaced_at_once() {
    let mut stage = Stage::new(Rotation::Off);
    let issue = |kind| {
        stage
            .tokens
            .issue_static(&stage.account, kind, scopes(&["tickets"]))
    };
    let first = issue(StaticKind::ServiceKey);
    stage.wait(10 * 365 * 86_400);
    assert!(stage.lookup(&first).is_ok());
    let second = stage.tokens.rotate_static(&first).unwrap();
    assert_eq!(stage.lookup(&first).err(), Some(Rejected::Unknown));
    assert_eq!(*stage.lookup(&second).unwrap().scopes, scopes(&["tickets"]));
    let third = stage
        .tokens
        .edit_static(&second, scopes(&["files"]))
        .unwrap();
    assert_eq!(stage.lookup(&second).err(), Some(Rejected::Unknown));
    let (edited, holder) = (stage.lookup(&third).unwrap(), "service key 1000002");
    assert_eq!(
        (&*edited.scopes, edited.holder.name.as_str()),
        (&scopes(&["files"]), holder)
    );
    assert_eq!(stage.tokens.rotate_static(&second), None);
    let oauth = stage.install().access_token;
    assert_eq!(stage.tokens.rotate_static(&oauth), None);
    assert!(stage.lookup(&oauth).is_ok());
}

#[test]
fn a_new_registration_keeps_the_number_and_the_tokens() {
    let stage = Stage::new(Rotation::Off);
    let issued = stage.install();
    let edited = App::new("id", "secret")
        .redirect_uri(URI)
        .required(["files"]);
    let edited = stage.tokens.register(edited).unwrap();
    assert_eq!(edited.id, stage.app.id);
    assert!(stage.lookup(&issued.access_token).is_ok());
    assert_eq!(stage.tokens.apps().len(), 1);
    assert_eq!(stage.tokens.apps()[0].1, [7]);
}

#[test]
fn a_seed_gives_the_same_tokens_and_none_gives_others() {
    let (first, second) = (Stage::new(Rotation::Off), Stage::new(Rotation::Off));
    assert_eq!(first.install().access_token, second.install().access_token);
    let account = &first.account;
    let random = || Tokens::default().issue_static(account, StaticKind::PrivateApp, []);
    assert_ne!(random(), random());
}

#[test]
fn tokens_are_as_long_as_the_app_says() {
    for (asked, given) in [(0, 32), (512, 512), (1_000_000, 4096)] {
        let stage = Stage::new(Rotation::Off);
        let app = App::new("id", "secret")
            .redirect_uri(URI)
            .token_length(asked);
        stage.tokens.register(app).unwrap();
        let app = stage.tokens.app("id").unwrap();
        let stage = Stage { app, ..stage };
        let issued = stage.install();
        assert_eq!(
            (issued.access_token.len(), issued.refresh_token.len()),
            (given, given)
        );
    }
}

#[test]
fn nothing_that_is_printed_holds_a_secret() {
    let stage = Stage::new(Rotation::Off);
    let code = stage.code(None);
    let issued = stage.install();
    let private = stage
        .tokens
        .issue_static(&stage.account, StaticKind::PrivateApp, []);
    let grant = stage.lookup(&issued.access_token).unwrap();
    let shown = stage.tokens.summaries();
    assert_eq!(shown.len(), 3);
    let printed = format!("{:?} {:?} {grant:?} {shown:?}", stage.tokens, stage.app);
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

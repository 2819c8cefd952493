//! Explorations: a job is run with every fault at every request.

mod readme;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hubspot_generated::Error;
use hubspot_generated::models::CreateObject;
use hubspot_mock::{Explorer, MockHubSpot, Problem};
use serde_json::json;

hubspot_generated::scope_set! {
    struct SyncScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read"],
    }
}

hubspot_generated::scope_set! {
    struct OAuthScopes { required: ["oauth", "crm.objects.contacts.write"], }
}

/// One client for all runs: it takes time to make one, which must not count against the timeout.
static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);

/// Creates a contact by raw requests, and repeats a request whose response is lost or not a success.
async fn stubborn(hubspot: &MockHubSpot, most: usize) -> Result<usize, String> {
    let token = hubspot
        .account("acme")
        .grant(["crm.objects.contacts.write"]);
    let url = format!("{}/crm/objects/2026-09/contacts", hubspot.url());
    let body = json!({"properties": {"firstname": "Ada"}, "associations": []});
    for _ in 0..most {
        let sent = HTTP.post(&url).bearer_auth(&token);
        let sent = sent
            .header("content-type", "application/json")
            .body(body.to_string());
        match sent.timeout(Duration::from_secs(1)).send().await {
            Ok(response) if response.status().is_success() => return Ok(1),
            _ => {}
        }
    }
    Err("no success".to_owned())
}

#[tokio::test]
async fn a_job_that_repeats_creates_does_things_twice() {
    let report = MockHubSpot::explore(async |hubspot| stubborn(hubspot, 3).await).await;
    assert_eq!((report.requests(), report.runs()), (1, 12));
    let twice = report.findings().iter();
    let twice = twice.map(|finding| (finding.run.as_str(), finding.problem));
    let expected = ["502-html-after-effect", "reset-after-effect", "timeout"];
    let expected = expected.map(|fault| format!("contacts.create#1 {fault}"));
    let expected = expected
        .iter()
        .map(|run| (run.as_str(), Problem::DoneTwice));
    assert_eq!(twice.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    let text = report.to_string();
    assert!(
        text.contains("1 × acme: contact firstname=\"Ada\""),
        "{text}"
    );
    let line = "HUBSPOT_EXPLORE='contacts.create#1 timeout' cargo test explore::a_job_that_repeats_creates_does_things_twice";
    assert!(text.contains(line), "{text}");
}

#[tokio::test]
async fn a_job_that_ignores_errors_loses_things() {
    let report = MockHubSpot::explore(async |hubspot| {
        let _ = stubborn(hubspot, 1).await;
        Ok::<_, String>(())
    })
    .await;
    let lost = report.findings().iter();
    let lost = lost.filter(|finding| finding.problem == Problem::Lost);
    assert_eq!(lost.count(), 8, "{report}");
}

#[tokio::test]
async fn a_job_that_never_ends_is_stopped() {
    let report = MockHubSpot::explore(async |hubspot| {
        let url = format!("{}/crm/objects/2026-09/contacts", hubspot.url());
        let token = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
        let http = reqwest::Client::new();
        let mut failed = false;
        loop {
            let response = http.get(&url).bearer_auth(&token).send().await;
            failed |= response.is_ok_and(|response| response.status() == 423);
            if !failed {
                return Ok::<_, String>(());
            }
        }
    })
    .await;
    let runs = report.findings().iter();
    let runs = runs.map(|finding| (finding.run.as_str(), finding.problem));
    assert_eq!(
        runs.collect::<Vec<_>>(),
        [("contacts.list#1 locked", Problem::NeverEnded)]
    );
}

#[tokio::test]
async fn a_panic_and_another_value_are_found() {
    let report = MockHubSpot::explore(async |hubspot| {
        let client = hubspot.account("acme").client::<SyncScopes>();
        assert!(client.contacts().list().await.is_ok(), "not expected");
        let companies = client.companies().list().await;
        Ok::<_, String>(companies.map_or(2, |_| 1))
    })
    .await;
    let problem = |run: &str| {
        let mut findings = report.findings().iter();
        findings
            .find(|finding| finding.run == run)
            .map(|finding| finding.problem)
    };
    assert_eq!(
        problem("contacts.list#1 token-expired"),
        Some(Problem::Panicked)
    );
    assert_eq!(
        problem("companies.list#1 token-expired"),
        Some(Problem::OtherValue)
    );
    assert_eq!(problem("contacts.list#1 503"), None, "the client retries");
}

/// Thirty requests, each with ten faults.
#[tokio::test(flavor = "multi_thread")]
async fn thirty_requests_are_explored_within_a_minute() {
    let start = Instant::now();
    let explorer = Explorer::new(MockHubSpot::builder()).ignore("lastname");
    let report = explorer
        .run(async |hubspot| {
            let client = hubspot.account("acme").client::<SyncScopes>();
            for number in 0..30 {
                let email = format!("c{number}@example.com");
                client
                    .contacts()
                    .get(email.as_str())
                    .id_property("email")
                    .send()
                    .await
                    .map(drop)
                    .or_else(|error: Error| {
                        if error.is_not_found() {
                            Ok(())
                        } else {
                            Err(error)
                        }
                    })?;
            }
            Ok::<_, Error>(())
        })
        .await;
    assert_eq!((report.requests(), report.runs()), (30, 300));
    report.assert_clean();
    let took = start.elapsed();
    eprintln!("300 runs in {took:?}");
    assert!(took < Duration::from_mins(1), "{took:?}");
}

#[tokio::test]
async fn clients_of_oauth_apps_time_out() {
    let report = MockHubSpot::explore(async |hubspot| {
        let app = hubspot.oauth_app::<OAuthScopes>();
        let client = hubspot.account("acme").connect(&app).await;
        let client = client.map_err(|error| error.to_string())?;
        let contact = CreateObject::new([("firstname", "Ada")]);
        let created = client.contacts().create(contact).await;
        created.map(drop).map_err(|error| error.to_string())
    })
    .await;
    let errors = report.errors().iter();
    let timeouts = errors.filter(|error| error.starts_with("contacts.create#1 timeout: "));
    assert_eq!(timeouts.count(), 1, "{:?}", report.errors());
}

#[tokio::test]
async fn a_fault_that_is_not_reached_is_a_finding() {
    let runs = AtomicUsize::new(0);
    let report = MockHubSpot::explore(async |hubspot| {
        let acme = hubspot.account("acme");
        let client = acme.client::<SyncScopes>();
        client.contacts().list().await?;
        // Only the run without a fault makes the second request, and no run shows it in the journal.
        if runs.fetch_add(1, Ordering::SeqCst) == 0 {
            client.companies().list().await?;
        }
        hubspot.clear_journal();
        Ok::<_, Error>(())
    })
    .await;
    assert_eq!((report.requests(), report.runs()), (2, 20));
    let findings = report.findings().iter();
    let missed = findings.filter(|finding| finding.problem == Problem::NotReached);
    let missed = missed
        .map(|finding| finding.run.as_str())
        .collect::<Vec<_>>();
    assert_eq!(missed.len(), 10, "{report}");
    assert!(
        missed
            .iter()
            .all(|run| run.starts_with("companies.list#1 ")),
        "{report}"
    );
}

#[tokio::test]
async fn a_small_journal_hides_no_requests() {
    let explorer = Explorer::new(MockHubSpot::builder().journal_capacity(1));
    let report = explorer
        .run(async |hubspot| {
            let client = hubspot.account("acme").client::<SyncScopes>();
            client.contacts().list().await?;
            client.companies().list().await?;
            Ok::<_, Error>(())
        })
        .await;
    assert_eq!((report.requests(), report.runs()), (2, 20));
    report.assert_clean();
}

#[test]
fn a_bad_value_of_the_variable_is_an_error() {
    let run = |value: &str| {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        let command = command.args(["--exact", "explore::a_small_journal_hides_no_requests"]);
        let output = command.env("HUBSPOT_EXPLORE", value).output().unwrap();
        let printed = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(printed).unwrap())
    };
    let (passed, text) = run("contacts.list#2 503");
    assert!(!passed);
    let expected = "HUBSPOT_EXPLORE is \"contacts.list#2 503\", which names no run of this job.";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("    contacts.list#1 503"), "{text}");
    let (_, text) = run("contacts.list#1 503");
    assert!(text.contains("left: (2, 1)"), "{text}");
}

#[tokio::test]
async fn a_lost_member_of_a_list_is_found() {
    let report = MockHubSpot::explore(async |hubspot| {
        let acme = hubspot.account("acme");
        let contact = acme.contact([("email", "ada@b.co")]);
        let list = json!({"name": "all", "objectTypeId": "0-1", "processingType": "MANUAL"});
        let list = acme.list(&list);
        let url = format!("{}/crm/v3/lists/{list}/memberships/add", hubspot.url());
        let token = acme.grant(MockHubSpot::every_scope());
        let sent = HTTP.put(url).bearer_auth(token);
        let sent = sent.header("content-type", "application/json");
        let sent = sent.body(json!([contact]).to_string());
        // The error is ignored, and with it the member.
        let _ = sent.timeout(Duration::from_secs(1)).send().await;
        Ok::<_, String>(())
    })
    .await;
    let lost = report.findings().iter();
    let lost = lost.filter(|finding| finding.problem == Problem::Lost);
    assert_eq!(lost.count(), 8, "{report}");
    let text = report.to_string();
    assert!(text.contains("list \"all\" with 1 members"), "{text}");
}

#[tokio::test]
#[should_panic(expected = "no fault was explored")]
async fn a_job_without_requests_is_not_clean() {
    let report = MockHubSpot::explore(async |_| Ok::<_, String>(())).await;
    report.assert_clean();
}

#[tokio::test]
async fn a_failed_job_is_run_again() {
    let explorer = Explorer::new(MockHubSpot::builder()).rerun_failed();
    let report = explorer
        .run(async |hubspot| {
            // Without retries, every error of the first run is one of the job.
            stubborn(hubspot, 1).await
        })
        .await;
    let findings = report.findings().iter();
    let twice = findings.filter(|finding| finding.problem == Problem::DoneTwice);
    assert_eq!(twice.count(), 3, "{report}");
}

#[test]
fn the_readme_shows_its_test() {
    let shown = include_str!("readme.rs");
    let (_, shown) = shown.split_once("\n\n").unwrap();
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(shown), "the README should show:\n{shown}");
}

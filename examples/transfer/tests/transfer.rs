//! The export and the import against a local HubSpot, stopped and gone on with.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;
use std::time::Duration;

use hubspot_generated::bulk;
use hubspot_generated::{Client, Pacing};
use hubspot_mock::{Fault, MockAccount, MockHubSpot, Tier};
use indicatif::ProgressBar;
use tokio::sync::Notify;
use tokio::time::timeout;
use tracing_subscriber::layer::SubscriberExt as _;
use transfer::meter::{Meter, bar};
use transfer::{TransferScopes, export, import};

/// Counts for the whole process: a subscriber of one thread may miss spans that another thread was the first to reach.
static METER: LazyLock<Meter> = LazyLock::new(|| {
    let meter = Meter::default();
    let subscriber = tracing_subscriber::registry().with(meter.clone());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    meter
});

async fn start() -> (MockHubSpot, MockAccount, Client<TransferScopes>) {
    LazyLock::force(&METER);
    let mock = MockHubSpot::builder()
        .tier(Tier::UNLIMITED)
        .start()
        .await
        .unwrap();
    let account = mock.account("acme");
    let client = Client::<TransferScopes>::builder()
        .base_url(mock.url())
        .access_token(account.grant(MockHubSpot::every_scope()))
        .pacing(Pacing::none())
        .clock(mock.clock().scaled(100))
        .build()
        .unwrap();
    (mock, account, client)
}

#[tokio::test]
async fn an_export_that_is_stopped_anywhere_is_whole_in_the_end() {
    let (mock, account, hubspot) = start().await;
    let ids: Vec<String> = (0..530)
        .map(|n| {
            account.contact([
                ("email", &*format!("{n}@example.com")),
                ("firstname", "A, \"b\""),
            ])
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    for stop in [1, 99, 100, 101, 250, 529, 1000] {
        let csv = folder.path().join(format!("{stop}.csv"));
        let (bar, meter) = (ProgressBar::hidden(), Meter::default());
        let mut runs = 0;
        loop {
            let start = runs * stop;
            let options = export::Options {
                bar: &bar,
                meter: &meter,
                limit: 190,
                stops: &|records| records == start + stop,
                interrupt: &Notify::new(),
            };
            let (records, is_complete) = export::export(&hubspot, &csv, &options).await.unwrap();
            runs += 1;
            if is_complete {
                assert_eq!(records, 530);
                break;
            }
            // A process that is killed leaves more than it has noted.
            let mut text = fs::read(&csv).unwrap();
            text.extend(b"17,half a li");
            fs::write(&csv, text).unwrap();
        }
        let mut reader = csv::Reader::from_path(&csv).unwrap();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        let found: Vec<_> = rows.iter().map(|row| row[0].to_owned()).collect();
        assert_eq!(found, ids, "stopped after {stop}");
        assert!(rows.iter().all(|row| &row[2] == "A, \"b\""));
        assert!(!csv.with_extension("cursor").exists());
    }
    drop(mock);
}

fn options<'a>(
    bar: &'a ProgressBar,
    meter: &'a Meter,
    interrupt: &'a Notify,
) -> export::Options<'a> {
    export::Options {
        bar,
        meter,
        limit: 190,
        stops: &|_| false,
        interrupt,
    }
}

#[tokio::test]
async fn an_export_is_interrupted_while_it_waits() {
    let (mock, account, hubspot) = start().await;
    for n in 0..130 {
        account.contact([("email", &*format!("{n}@example.com"))]);
    }
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("contacts.csv");
    let (bar, meter, interrupt) = (ProgressBar::hidden(), Meter::default(), Notify::new());
    let options = options(&bar, &meter, &interrupt);
    let start = || export::export(&hubspot, &csv, &options);
    // While it waits for the number of contacts, and for the first page.
    for operation in ["contacts.search", "contacts.list"] {
        mock.fail_next(Fault::latency(Duration::from_hours(1)).on(operation));
        let is_waiting = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            interrupt.notify_one();
        };
        let both = async { tokio::join!(start(), is_waiting).0 };
        let both = timeout(Duration::from_secs(10), both).await;
        let (records, is_complete) = both.expect("it does not stop").unwrap();
        assert_eq!((records, is_complete), (0, false), "{operation}");
    }
    assert_eq!(start().await.unwrap(), (130, true));
    let mut reader = csv::Reader::from_path(&csv).unwrap();
    assert_eq!(reader.records().count(), 130);
}

/// A file of an earlier export, or one that happens to have the name, is not lost by an export that gets nothing.
#[tokio::test]
async fn a_first_request_that_fails_leaves_the_file_alone() {
    let (mock, account, hubspot) = start().await;
    account.contact([("email", "a@example.com")]);
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("contacts.csv");
    let (bar, meter, interrupt) = (ProgressBar::hidden(), Meter::default(), Notify::new());
    let options = options(&bar, &meter, &interrupt);
    fs::write(&csv, "of last year\n").unwrap();
    for operation in ["contacts.search", "contacts.list"] {
        mock.fail_next(Fault::status(403).on(operation));
        export::export(&hubspot, &csv, &options).await.unwrap_err();
        assert_eq!(
            fs::read_to_string(&csv).unwrap(),
            "of last year\n",
            "{operation}"
        );
        assert!(!csv.with_extension("cursor").exists());
    }
    let (records, is_complete) = export::export(&hubspot, &csv, &options).await.unwrap();
    assert_eq!((records, is_complete), (1, true));
    assert!(fs::read_to_string(&csv).unwrap().starts_with("id,email"));
}

/// The first Ctrl-C stops the export when it is next idle, the second ends the program at once: here it waits for a pipe.
#[cfg(target_os = "linux")]
#[test]
fn a_second_interrupt_ends_the_export_at_once() {
    use std::process::Command;

    const SIGINT: u64 = 1 << 1;
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("contacts.cursor");
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let mut export = Command::new(env!("CARGO_BIN_EXE_export"))
        .arg(folder.path().join("contacts.csv"))
        .env("HUBSPOT_TOKEN", "pat-na1-1234")
        .spawn()
        .unwrap();
    let id = export.id().to_string();
    let status = format!("/proc/{id}/status");
    let catches = || {
        let text = fs::read_to_string(&status).unwrap();
        let mask = text.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        u64::from_str_radix(mask.unwrap().trim(), 16).unwrap() & SIGINT != 0
    };
    let wait = || std::thread::sleep(Duration::from_millis(300));
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while !catches() {
        assert!(std::time::Instant::now() < deadline, "it never listens");
        std::thread::sleep(Duration::from_millis(10));
    }
    let interrupt = || {
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.unwrap().success());
    };
    interrupt();
    wait();
    assert_eq!(export.try_wait().unwrap(), None, "the first is not the end");
    interrupt();
    while export.try_wait().unwrap().is_none() {
        assert!(
            std::time::Instant::now() < deadline,
            "the second is not heard"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(export.wait().unwrap().code(), Some(130));
}

#[tokio::test]
async fn a_file_that_lost_rows_is_not_filled_up() {
    let (_mock, account, hubspot) = start().await;
    for n in 0..30 {
        account.contact([("email", &*format!("{n}@example.com"))]);
    }
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("contacts.csv");
    let (bar, meter, interrupt) = (ProgressBar::hidden(), Meter::default(), Notify::new());
    let mut options = options(&bar, &meter, &interrupt);
    options.stops = &|records| records == 20;
    export::export(&hubspot, &csv, &options).await.unwrap();
    let whole = fs::read(&csv).unwrap();
    options.stops = &|_| false;
    for left in [Some(&whole[..whole.len() - 1]), Some(b""), None] {
        match left {
            Some(left) => fs::write(&csv, left).unwrap(),
            None => fs::remove_file(&csv).unwrap(),
        }
        let error = export::export(&hubspot, &csv, &options).await.unwrap_err();
        assert!(error.to_string().contains("delete"), "{error}");
        assert!(error.to_string().contains("contacts.cursor"), "{error}");
        assert_eq!(fs::read(&csv).ok().as_deref(), left);
    }
    fs::write(&csv, whole).unwrap();
    let (records, is_complete) = export::export(&hubspot, &csv, &options).await.unwrap();
    assert_eq!((records, is_complete), (30, true));
}

/// A thousand rows, one of them without an address.
fn rows() -> String {
    let mut csv = String::from("email,firstname\n");
    for n in 0..1030 {
        let email = if n == 777 {
            "not an address".to_owned()
        } else {
            format!("{n}@example.com")
        };
        csv.extend([&*email, ",Name\n"]);
    }
    csv
}

#[tokio::test]
async fn an_import_that_is_killed_goes_on_and_reports_every_row() {
    let (mock, account, hubspot) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let (report, journal) = (
        folder.path().join("report.csv"),
        folder.path().join("x.journal"),
    );
    let csv = rows();
    let meter = METER.clone();
    let before = (meter.requests(), meter.retries());
    let bar = bar(1030);
    let import = async || {
        let options = import::Options {
            bar: &bar,
            meter: &meter,
            limit: 190,
        };
        let rows = std::io::Cursor::new(csv.clone());
        import::import(&hubspot, rows, &report, &journal, &options).await
    };
    let slow = Fault::latency(Duration::from_millis(300)).on("contacts.batch_upsert");
    mock.fail_next_n(2, Fault::status(502).on("contacts.batch_upsert"));
    mock.fail_next_n(20, slow);
    // Killed as soon as some rows are done.
    let is_some_done = async {
        let is_done = || fs::read_to_string(&journal).is_ok_and(|text| text.contains(" done "));
        while !is_done() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let killed = async {
        tokio::select! {
            result = import() => panic!("{result:?}"),
            () = is_some_done => {}
        }
    };
    killed.await;
    let requests = mock.journal().len();
    assert!(requests >= 4, "{requests}");
    // The requests of other tests count, too.
    let counted = meter.requests() - before.0;
    assert!(counted >= requests as u64, "{counted} of {requests}");
    assert_eq!(meter.retries() - before.1, 2);
    mock.clear_faults();

    let progress = import().await.unwrap();
    assert_eq!((progress.done, progress.failed), (1029, 1));
    let mut reader = csv::Reader::from_path(&report).unwrap();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let numbers: BTreeSet<usize> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    assert_eq!((rows.len(), numbers), (1030, (1..=1030).collect()));
    let before = rows.iter().filter(|row| &row[2] == "done before").count();
    assert!(before >= 100, "{before} rows were done before");
    let failed = rows.iter().find(|row| &row[2] == "failed").unwrap();
    assert_eq!((&failed[0], &failed[1]), ("778", "not an address"));
    drop(account);
}

/// The report of an import that is in progress is not touched by a second one.
#[tokio::test]
async fn an_import_beside_another_leaves_its_report_alone() {
    let (_mock, _account, hubspot) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.csv");
    let journal = folder.path().join("x.journal");
    let (bar, meter) = (ProgressBar::hidden(), Meter::default());
    let options = import::Options {
        bar: &bar,
        meter: &meter,
        limit: 190,
    };
    fs::write(&report, "of the first import").unwrap();
    let upsert = bulk::upsert(|batch| hubspot.contacts().batch_upsert(batch));
    let first = upsert.journal(&journal).unwrap();
    let csv = "email\na@example.com\n";
    let second = import::import(&hubspot, csv.as_bytes(), &report, &journal, &options);
    let error = second.await.unwrap_err();
    assert!(error.to_string().contains("in use"), "{error}");
    assert_eq!(fs::read_to_string(&report).unwrap(), "of the first import");
    drop(first);
}

#[tokio::test]
async fn errors_of_an_import_have_their_causes() {
    struct Lost;

    impl std::io::Read for Lost {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }

    let (_mock, _account, hubspot) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.csv");
    let journal = folder.path().join("x.journal");
    let (bar, meter) = (ProgressBar::hidden(), Meter::default());
    let options = import::Options {
        bar: &bar,
        meter: &meter,
        limit: 190,
    };
    let csv = std::io::Read::chain("email\na@example.com\n".as_bytes(), Lost);
    let lost = import::import(&hubspot, csv, &report, &journal, &options);
    let error = format!("{:#}", lost.await.unwrap_err());
    assert!(error.contains("the disk is gone"), "{error}");
    let error = format!("{:#}", import::count_lines(folder.path()).unwrap_err());
    assert!(
        error.contains("cannot read") && error.contains("directory"),
        "{error}"
    );
    fs::write(&report, b"a\n\xff\nc").unwrap();
    assert_eq!(import::count_lines(&report).unwrap(), 3);
}

#[tokio::test]
async fn a_malformed_file_is_an_error_after_the_rows_before_it() {
    let (_mock, _account, hubspot) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.csv");
    let (bar, meter) = (ProgressBar::hidden(), Meter::default());
    let options = import::Options {
        bar: &bar,
        meter: &meter,
        limit: 190,
    };
    for (n, (csv, expected, rows)) in [
        ("name\nAda\n", "no column `email`", None),
        (
            "email,firstname\na@example.com,Ada\nb@example.com\n",
            "CSV",
            Some(1),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let journal = folder.path().join(format!("{n}.journal"));
        let result = import::import(&hubspot, csv.as_bytes(), &report, &journal, &options).await;
        let error = result.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        if let Some(rows) = rows {
            let mut reader = csv::Reader::from_path(&report).unwrap();
            assert_eq!(reader.records().count(), rows);
        }
    }
}

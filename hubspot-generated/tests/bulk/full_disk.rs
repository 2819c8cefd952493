//! A disk that is full during a run. The run is a process of its own, whose files may not grow beyond a limit.

use std::path::{Path, PathBuf};
use std::process::Command;

use hubspot_generated::bulk::{self, Bulk, End};
use hubspot_generated::models::{BatchCreateInput, CrmObject};

use crate::support::{Fixture, rows};

const INPUTS: usize = 2_000;
const JOURNAL: &str = "FULL_DISK_JOURNAL";

fn create(fixture: &Fixture, journal: &Path) -> Bulk<BatchCreateInput, CrmObject> {
    let contacts = fixture.hubspot.contacts();
    let create = bulk::create(|batch| contacts.batch_create(batch));
    create.journal(journal).unwrap()
}

/// The part with the limit: [`a_full_disk_ends_the_run_and_loses_nothing`] runs it.
#[tokio::test]
#[ignore = "needs a limit"]
async fn on_a_full_disk() {
    let journal = PathBuf::from(std::env::var_os(JOURNAL).unwrap());
    let fixture = Fixture::start().await;
    let report = create(&fixture, &journal).inputs(rows(INPUTS)).run().await;
    let End::Journal(error) = &report.end else {
        panic!("{:?}", report.end);
    };
    let text = error.to_string();
    assert!(text.contains(&*journal.display().to_string()), "{text}");
    let progress = report.progress;
    assert!(progress.done > 0, "{progress:?}");
    let created = fixture.emails().await;
    // Everything that is there has an outcome that says so.
    let known = progress.done + progress.unknown;
    assert!(created.len() as u64 <= known, "{progress:?}");
    assert!(created.len() as u64 >= progress.done, "{progress:?}");
    assert!(created.len() < INPUTS);
}

#[test]
fn a_full_disk_ends_the_run_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("run.journal");
    let program = std::env::current_exe().unwrap();
    let mut limited = Command::new("sh");
    // The signal would end the process: a full disk is an error.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"]);
    limited.arg(program);
    limited.args(["--ignored", "--exact", "full_disk::on_a_full_disk"]);
    let output = limited.env(JOURNAL, &journal).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}");
    assert!(printed.contains("1 passed"), "{printed}");
    assert!(journal.exists());
}

//! A disk that is full, and journals that no run has written.

use std::io::Cursor;

use super::*;

/// A disk with room for so many bytes, which writes as much of a line as it has room for.
struct Full {
    bytes: Arc<Mutex<Vec<u8>>>,
    room: usize,
}

impl Disk for Full {
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let mut bytes = self.bytes.lock().unwrap();
        let room = self.room.saturating_sub(bytes.len()).min(line.len());
        bytes.extend_from_slice(&line[..room]);
        if room < line.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let mut bytes = self.bytes.lock().unwrap();
        bytes.truncate(usize::try_from(length).unwrap());
        Ok(())
    }
}

fn journal(room: usize) -> (Journal, Arc<Mutex<Vec<u8>>>) {
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let disk = Full {
        bytes: Arc::clone(&bytes),
        room,
    };
    let lines = Lines {
        disk: Box::new(disk),
        length: 0,
        is_broken: false,
    };
    let journal = Journal {
        path: Path::new("x.journal").into(),
        lines: Arc::new(Mutex::new(lines)),
        before: Arc::default(),
    };
    (journal, bytes)
}

/// Whatever the size of the disk, what is written can be read again, and nothing follows a line that was not written.
#[tokio::test]
async fn a_journal_on_a_full_disk_stays_readable() {
    let long: Vec<Entry> = (0..20).map(|index| (index, 7, 1)).collect();
    for room in 50..400 {
        let (journal, bytes) = journal(room);
        journal.write(&format!("{FORMAT} x")).unwrap_or_default();
        let mut is_full = false;
        for entries in [&long[..2], &long[..], &long[..1], &long[..1]] {
            let written = journal.append("done", entries).await;
            assert!(!is_full || written.is_err(), "a line after a lost one");
            if let Err(error) = written {
                assert!(error.is_io() && !error.is_other_run());
                is_full = true;
            }
        }
        let bytes = bytes.lock().unwrap();
        let (length, _) = read(Cursor::new(&bytes[..]), "x").ok().unwrap();
        assert_eq!(length, bytes.len() as u64, "room for {room}");
    }
}

fn line(record: &str) -> String {
    format!("{:016x} {record}\n", hash(record.as_bytes()))
}

#[test]
fn positions_far_apart_take_little_memory() {
    let far = u64::MAX;
    let text = line(&format!("{FORMAT} x")) + &line(&format!("done {far}:7:5 3:8:0"));
    let (length, inputs) = read(Cursor::new(&text), "x").ok().unwrap();
    assert_eq!(length, text.len() as u64);
    assert_eq!(inputs.get(far), Some((7, Before::Done(5))));
    assert_eq!(inputs.get(3), Some((8, Before::Done(0))));
    assert_eq!((inputs.get(0), inputs.get(far - 1)), (None, None));
}

#[test]
fn lines_of_another_kind_are_damage() {
    for record in [
        "gone 1:2:3",
        "done 1:2",
        "done x:2:3",
        "done 1:2:3 ",
        "done -1:2:3",
    ] {
        let text = line(&format!("{FORMAT} x")) + &line(record) + &line("void");
        let result = read(Cursor::new(&text), "x");
        assert!(matches!(result, Err(Problem::Damaged(2))), "{record}");
    }
}

/// Batches that are recorded at once on a disk that fills up at any time, by tasks that are switched where they await: what
/// was recorded is read, and nothing else.
#[test]
fn under_random_schedules_a_journal_has_what_was_recorded() {
    use shuttle::future::{block_on, spawn, yield_now};
    use shuttle::rand::{Rng, thread_rng};

    async fn record(journal: Journal, task: u64) -> Vec<u64> {
        let mut recorded = Vec::new();
        for number in 0..4 {
            let index = task * 10 + number;
            yield_now().await;
            let sent = journal.write(&format!("sent {index}:7:1")).is_ok();
            yield_now().await;
            if sent && journal.write(&format!("done {index}:7:5")).is_ok() {
                recorded.push(index);
            }
        }
        recorded
    }
    let model = || {
        let (journal, bytes) = journal(thread_rng().gen_range(60..900));
        let is_begun = journal.write(&format!("{FORMAT} x")).is_ok();
        let recorded: Vec<u64> = block_on(async {
            let tasks = (0..3).map(|task| spawn(record(journal.clone(), task)));
            let tasks: Vec<_> = tasks.collect();
            let mut recorded = Vec::new();
            for task in tasks {
                recorded.extend(task.await.unwrap());
            }
            recorded
        });
        let bytes = bytes.lock().unwrap();
        let (length, inputs) = read(Cursor::new(&bytes[..]), "x").ok().unwrap();
        assert_eq!(length, bytes.len() as u64);
        assert!(is_begun || recorded.is_empty());
        for index in 0..30 {
            let is_done = inputs.get(index) == Some((7, Before::Done(5)));
            assert_eq!(is_done, recorded.contains(&index), "{index}");
        }
    };
    shuttle::check_random(model, 500);
}

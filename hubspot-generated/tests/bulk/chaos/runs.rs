//! The runs of each kind, without the types of their inputs and records.

use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use hubspot_generated::bulk::{self, Bulk, Status};
use hubspot_generated::models::{
    BatchCreateInput, BatchRead, BatchUpdateInput, BatchUpsertInput, ObjectId,
};

use crate::support::Fixture;

/// The outcomes of a run by input: `Some(true)` is done, `Some(false)` failed, `None` unknown.
pub(super) type Outcomes = BoxStream<'static, (u64, Option<bool>)>;

/// No record existed before a create, so that one which is said to have existed counts as failed.
fn is_done<R>(status: &Status<R>) -> Option<bool> {
    match status {
        Status::Done(_) | Status::DoneBefore(_) => Some(true),
        Status::Unknown(_) => None,
        _ => Some(false),
    }
}

pub(super) fn email(number: usize) -> String {
    format!("{number}@example.com")
}

/// How a run is made.
#[derive(Clone, Copy)]
pub(super) struct Setup {
    pub(super) kind: &'static str,
    pub(super) inputs: usize,
    pub(super) seed: u64,
    pub(super) is_settled: bool,
    /// Whether a run that ends early has a journal.
    pub(super) has_journal: bool,
    /// Whether creates have a value that identifies them.
    pub(super) is_unique: bool,
}

impl Setup {
    pub(super) fn new(kind: &'static str, inputs: usize, seed: u64) -> Self {
        Self {
            kind,
            inputs,
            seed,
            is_settled: true,
            has_journal: true,
            is_unique: true,
        }
    }

    /// A create of contacts that have a name and no address.
    pub(super) fn of_names(inputs: usize, seed: u64, has_journal: bool) -> Self {
        Self {
            is_settled: false,
            is_unique: false,
            has_journal,
            ..Self::new("create", inputs, seed)
        }
    }
}

/// The run of creates.
fn run_create(
    fixture: &Fixture,
    setup: Setup,
    timeout: Duration,
    journal: Journal<'_>,
) -> Outcomes {
    let contacts = fixture.hubspot.contacts();
    let mut create = bulk::create(|batch| contacts.batch_create(batch).timeout(timeout));
    if setup.is_settled {
        create = create.settle_by("email", |batch| contacts.batch_read(batch));
    }
    let create = with_journal(create, journal);
    let name = if setup.is_unique {
        "email"
    } else {
        "firstname"
    };
    let inputs = (0..setup.inputs).map(move |n| BatchCreateInput::new([(name, email(n))]));
    let run = create.inputs(inputs);
    run.map(|outcome| (outcome.index, is_done(&outcome.status)))
        .boxed()
}

pub(super) type Journal<'a> = Option<&'a Path>;

fn with_journal<I, R>(bulk: Bulk<I, R>, journal: Journal<'_>) -> Bulk<I, R> {
    match journal {
        Some(path) => bulk.journal(path).unwrap(),
        None => bulk,
    }
}

/// The run of a kind over inputs, whose records exist unless it creates them.
pub(super) fn run(
    fixture: &Fixture,
    setup: Setup,
    ids: &[String],
    timeout: Duration,
    journal: Journal<'_>,
) -> Outcomes {
    let contacts = fixture.hubspot.contacts();
    let ids: Vec<String> = ids.to_vec();
    match setup.kind {
        "create" => run_create(fixture, setup, timeout, journal),
        "upsert" => {
            let upsert = bulk::upsert(|batch| contacts.batch_upsert(batch).timeout(timeout));
            let inputs = (0..ids.len()).map(email);
            let inputs =
                inputs.map(|email| BatchUpsertInput::new(email, "email", [("firstname", "new")]));
            with_journal(upsert, journal)
                .inputs(inputs)
                .map(|outcome| (outcome.index, is_done(&outcome.status)))
                .boxed()
        }
        "update" => {
            let update = bulk::update(|batch| contacts.batch_update(batch).timeout(timeout));
            let inputs = ids
                .into_iter()
                .map(|id| BatchUpdateInput::new(id, [("firstname", "new")]));
            with_journal(update, journal)
                .inputs(inputs)
                .map(|outcome| (outcome.index, is_done(&outcome.status)))
                .boxed()
        }
        "archive" => {
            let archive = bulk::archive(|batch| contacts.batch_archive(batch).timeout(timeout));
            let run = with_journal(archive, journal).inputs(ids.into_iter().map(ObjectId::new));
            run.map(|outcome| (outcome.index, is_done(&outcome.status)))
                .boxed()
        }
        _ => {
            let body = BatchRead::new([], ["email"]);
            let read = bulk::read(body, |batch| contacts.batch_read(batch).timeout(timeout));
            let run = with_journal(read, journal).inputs(ids.into_iter().map(ObjectId::new));
            run.map(|outcome| {
                let record = outcome.status.record();
                assert!(record.is_none_or(|record| record.id == outcome.input.id));
                (outcome.index, is_done(&outcome.status))
            })
            .boxed()
        }
    }
}

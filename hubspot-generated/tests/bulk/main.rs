//! Runs and walks over many records, against the local HubSpot, whose store is the judge.

mod chaos;
#[cfg(unix)]
mod full_disk;
mod in_flight;
mod journal;
mod outcomes;
mod scenario;
mod settle;
mod sources;
mod support;
mod walk;

use hubspot_generated::All;
use hubspot_generated::bulk::{Bulk, BulkRun, End, InputError, Outcome, Progress, Report, Stop};
use hubspot_generated::models::{BatchCreateInput, CrmObject, SearchPage};
use hubspot_generated::{Settle, Settled};

type Input = BatchCreateInput;

#[test]
fn everything_public_can_go_to_another_thread() {
    fn check<T: Send + Sync + 'static>() {}
    fn check_send<T: Send + Unpin + 'static>() {}

    check::<(Stop, Progress, End, InputError)>();
    check::<(
        Outcome<Input, CrmObject>,
        Report<Input, CrmObject>,
        Settled<CrmObject>,
    )>();
    check_send::<Bulk<Input, CrmObject>>();
    check_send::<BulkRun<Input, CrmObject>>();
    check_send::<All<SearchPage>>();
    check_send::<Settle<CrmObject>>();
}

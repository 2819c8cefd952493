//! Runs a job once for each of its requests and each fault.

mod plan;
mod report;
mod run;
mod snapshot;

use std::collections::BTreeSet;
use std::fmt;

use futures_util::{StreamExt, stream};

use crate::mock::{MockHubSpot, MockHubSpotBuilder};
pub(super) use plan::CLIENT_TIMEOUT;
use plan::{Case, ONLY, cases, chosen};
pub use report::{Exploration, Finding, Problem};
use run::{Ending, Run};

/// How many runs are under way at once.
const AT_ONCE: usize = 16;

/// Configures an exploration. See [`MockHubSpot::explore`].
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use hubspot_mock::{Explorer, MockHubSpot};
///
/// let seed = r#"{"accounts": [{"name": "acme", "records": {"contacts": [{"email": "ada@example.com"}]}}]}"#;
/// let explorer = Explorer::new(MockHubSpot::builder().seed(seed.parse()?)).ignore("synced_at");
/// # let _ = explorer;
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new()?.block_on(example())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing happens without `run`"]
pub struct Explorer {
    builder: MockHubSpotBuilder,
    ignored: BTreeSet<String>,
    rerun: bool,
}

impl Explorer {
    /// Creates an explorer whose servers are made from this builder.
    pub fn new(builder: MockHubSpotBuilder) -> Self {
        Self {
            builder,
            ..Self::default()
        }
    }

    /// Ignores the values of a property when records are compared, such as the time of a run.
    pub fn ignore(mut self, property: impl Into<String>) -> Self {
        self.ignored.insert(property.into());
        self
    }

    /// Runs a job that has returned an error once more, without a fault. Then all must be as without the fault.
    pub fn rerun_failed(mut self) -> Self {
        self.rerun = true;
        self
    }

    /// Explores the job. See [`MockHubSpot::explore`].
    ///
    /// # Panics
    ///
    /// Panics if no server can be started, if the job does not succeed without a fault, or if the environment variable
    /// `HUBSPOT_EXPLORE` names no run of it.
    pub async fn run<T, E>(&self, job: impl AsyncFn(&MockHubSpot) -> Result<T, E>) -> Exploration
    where
        T: PartialEq + fmt::Debug,
        E: fmt::Display,
    {
        let undisturbed = self.once(&job, None, usize::MAX).await;
        let value = match &undisturbed.ending {
            Ending::Value(value) => value,
            other => panic!(
                "the job does not succeed without a fault: {}",
                other.describe()
            ),
        };
        let only = std::env::var_os(ONLY);
        let chosen = match chosen(cases(&undisturbed.requests), only.as_deref()) {
            Ok(chosen) => chosen,
            Err(message) => panic!("{message}"),
        };
        let most = undisturbed.requests.len() * 20 + 200;
        let runs = stream::iter(chosen).map(async |case| {
            let run = self.once(&job, Some(&case), most).await;
            (case, run)
        });
        let mut report = Exploration::new(undisturbed.requests.len());
        let mut runs = Box::pin(runs.buffer_unordered(AT_ONCE));
        while let Some((case, run)) = runs.next().await {
            report.add(&case, &run, value, &undisturbed.records);
        }
        report.sort();
        report
    }

    /// Runs the job on a server of its own.
    async fn once<T, E: fmt::Display>(
        &self,
        job: &impl AsyncFn(&MockHubSpot) -> Result<T, E>,
        case: Option<&Case>,
        most_requests: usize,
    ) -> Run<T> {
        let builder = self.builder.clone().for_exploration();
        let hubspot = match builder.start().await {
            Ok(hubspot) => hubspot,
            Err(error) => panic!("cannot start a server: {error}"),
        };
        if let Some(case) = case {
            case.plan(&hubspot.state);
        }
        let mut ending = run::run(&hubspot, job, most_requests).await;
        let requests = plan::requests(&hubspot.state.journal.history());
        let is_reached = case.is_none() || hubspot.state.faults.has_occurred();
        let mut is_rerun = false;
        if self.rerun && matches!(ending, Ending::Error(_)) {
            hubspot.clear_faults();
            ending = run::run(&hubspot, job, most_requests.saturating_mul(2)).await;
            is_rerun = true;
        }
        Run {
            ending,
            requests,
            is_reached,
            is_rerun,
            records: snapshot::records(&hubspot.state, &self.ignored),
        }
    }
}

//! Whether a runtime runs its tasks.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::timeout;

/// How long a runtime has to run a task. Real time, whatever the clock: this is about threads.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// Returns whether another runtime runs no tasks: it is kept, but nothing drives it. One that has ended is not stuck, since
/// its tasks were dropped.
pub(super) async fn is_stuck(runtime: &Handle) -> bool {
    if Handle::current().id() == runtime.id() {
        return false;
    }
    let mut probe = runtime.spawn(async {});
    let is_stuck = timeout(GRACE, &mut probe).await.is_err();
    probe.abort();
    is_stuck
}

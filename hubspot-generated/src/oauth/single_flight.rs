//! At most one refresh per account at a time, within this process.
//!
//! The refresh is a task of its own, so that it ends even if all who wait for it are dropped.

use std::sync::{Arc, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::error::OAuthError;
use super::refresh;
use super::state::{Account, Context, InFlight, Outcome, Trigger};

/// Waits for the refresh in flight, or starts one.
pub(super) async fn join(context: &Context, trigger: &Trigger) -> Outcome {
    let (in_flight, started_here) = get_or_start(context, trigger);
    let outcome = wait(context, &in_flight).await;
    // A refresh that was in flight may have begun before the token was refused, or may have tried nothing.
    let is_sufficient = match trigger {
        Trigger::Due(_) => true,
        Trigger::Refused(token) => !matches!(&outcome, Ok(current) if current.token == *token),
        Trigger::TryAgain => in_flight.tries_again,
    };
    if started_here || is_sufficient {
        return outcome;
    }
    let (in_flight, _) = get_or_start(context, trigger);
    wait(context, &in_flight).await
}

async fn wait(context: &Context, in_flight: &InFlight) -> Outcome {
    let hub_id = Some(context.hub_id());
    let interrupted = || Arc::new(OAuthError::Interrupted { hub_id });
    let mut outcome = in_flight.outcome.clone();
    let outcome = outcome
        .wait_for(Option::is_some)
        .await
        .map_err(|_| interrupted())?;
    outcome.clone().ok_or_else(interrupted)?
}

/// Returns the refresh in flight, or starts one; tells whether it did.
fn get_or_start(context: &Context, trigger: &Trigger) -> (InFlight, bool) {
    let mut slot = slot(&context.account);
    if let Some(in_flight) = &*slot {
        return (in_flight.clone(), false);
    }
    // One may have ended since the caller looked.
    let ended = context
        .fresh()
        .filter(|current| Some(&current.token) != trigger.refused())
        .map(Ok);
    let has_ended = ended.is_some();
    let (sender, outcome) = watch::channel(ended);
    let in_flight = InFlight {
        tries_again: matches!(trigger, Trigger::TryAgain),
        outcome,
    };
    if !has_ended {
        *slot = Some(in_flight.clone());
        // A runtime that is shut down drops the task at once, which clears the slot.
        drop(slot);
        let guard = ClearSlot(Arc::clone(&context.account));
        let task = run(guard, context.clone(), trigger.clone(), sender);
        context.shared.spawn(task);
    }
    (in_flight, true)
}

/// Refreshes, and publishes the outcome.
///
/// `guard` clears the slot before the outcome is published, also if the refresh panics, or if its runtime is shut down
/// before it begins.
async fn run(
    guard: ClearSlot,
    context: Context,
    trigger: Trigger,
    sender: watch::Sender<Option<Outcome>>,
) {
    let outcome = refresh::refresh(&context, &trigger).await;
    drop(guard);
    sender.send_replace(Some(outcome.map_err(Arc::new)));
}

/// Clears the slot of the refresh in flight when it is dropped.
struct ClearSlot(Arc<Account>);

impl Drop for ClearSlot {
    fn drop(&mut self) {
        slot(&self.0).take();
    }
}

fn slot(account: &Account) -> MutexGuard<'_, Option<InFlight>> {
    account
        .in_flight
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

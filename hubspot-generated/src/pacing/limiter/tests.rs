//! The limiter as its callers see it: order, cancellation, priorities, cost.

use super::*;
use crate::clock::TokioClock;

/// The measure of the guide: `cargo test --release -p hubspot-generated --lib cost -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "measures time"]
async fn the_cost_of_a_request_that_does_not_wait() {
    let mut pacing = Pacing::new();
    pacing.share = 1.0;
    let limiter = Limiter::new(&pacing, false);
    limiter.state().windows[0].set_limit(100_000_000);
    let rate = Rate::default();
    let (calls, start) = (1_000_000_u32, Instant::now());
    for _ in 0..calls {
        let ticket = limiter
            .acquire(&TokioClock, Budget::TenSecondly, false)
            .await;
        let ticket = ticket.ok().flatten().unwrap();
        limiter.arrived(ticket, &TokioClock, true, &rate);
    }
    let cost = start.elapsed() / calls;
    println!("{cost:?} a request");
    assert!(cost < Duration::from_micros(1));
}

//! The limiter as its callers see it: order, cancellation, priorities, cost.

use std::pin::Pin;

use super::super::authority::Unused;
use super::*;
use crate::clock::TokioClock;

/// Grants all that is asked for, and notes what it gets back.
#[derive(Default)]
struct Generous {
    asked: Mutex<Vec<(u32, Vec<Unused>)>>,
    back: Mutex<Vec<Unused>>,
}

type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl Authority for Generous {
    fn grant(&self, wanted: Wanted) -> Later<'_, Option<Granted>> {
        let mut asked = self.asked.lock().unwrap();
        asked.push((wanted.requests, wanted.unused));
        let granted = Granted::Requests(wanted.requests, asked.len() as u64);
        Box::pin(async move {
            tokio::task::yield_now().await;
            Some(granted)
        })
    }

    fn give_back(&self, _: usize, unused: Vec<Unused>) -> Later<'_, ()> {
        self.back.lock().unwrap().extend(unused);
        Box::pin(async {})
    }

    fn place(&self) -> [&str; 2] {
        ["here", "it"]
    }

    fn fallback_share(&self) -> f64 {
        1.0
    }
}

fn granted_by(authority: &Arc<Generous>) -> Limiter {
    let limiter = Limiter::new(&Pacing::new(), false);
    let authority = Arc::clone(authority) as Arc<dyn Authority>;
    limiter.set(&Pacing::new(), Some(authority), TokioClock.now());
    limiter
}

/// Requests that were granted and dropped before they were sent.
#[tokio::test]
async fn what_is_not_used_of_a_grant_is_given_back() {
    let authority = Arc::<Generous>::default();
    let limiter = granted_by(&authority);
    let acquire = || limiter.acquire(&TokioClock, Budget::TenSecondly, false);
    let mut first = Box::pin(acquire());
    // It asks for itself only. The others wait behind it.
    assert!(poll(&mut first).await.is_none());
    let mut others: Vec<_> = (0..5).map(|_| Box::pin(acquire())).collect();
    for other in &mut others {
        assert!(poll(other).await.is_none());
    }
    assert!(poll(&mut first).await.is_some());
    assert!(poll(&mut others[0]).await.is_none());
    assert!(poll(&mut others[0]).await.is_some());
    drop(others);
    tokio::task::yield_now().await;
    assert_eq!(*authority.asked.lock().unwrap(), [(1, vec![]), (5, vec![])]);
    let unused = Unused {
        grant: 2,
        first: 2,
        last: 5,
    };
    assert_eq!(*authority.back.lock().unwrap(), [unused]);
}

/// A grant ends after a while; the next call of the authority gives back what is left.
#[tokio::test]
async fn what_is_left_of_a_grant_that_ended_is_given_back_with_the_next() {
    let authority = Arc::<Generous>::default();
    let limiter = granted_by(&authority);
    let acquire = || limiter.acquire(&TokioClock, Budget::TenSecondly, false);
    let mut waiting: Vec<_> = (0..4).map(|_| Box::pin(acquire())).collect();
    for one in &mut waiting {
        assert!(poll(one).await.is_none());
    }
    assert!(poll(&mut waiting[0]).await.is_some());
    assert!(poll(&mut waiting[1]).await.is_none());
    assert!(poll(&mut waiting[1]).await.is_some());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(poll(&mut waiting[2]).await.is_none());
    let asked = authority.asked.lock().unwrap();
    let unused = Unused {
        grant: 2,
        first: 2,
        last: 3,
    };
    assert_eq!(*asked, [(1, vec![]), (3, vec![]), (2, vec![unused])]);
}

/// A clock that moves when something sleeps.
#[derive(Clone)]
struct Sleeping(Instant, Arc<Mutex<Duration>>);

impl Sleeping {
    fn elapsed(&self) -> Duration {
        *self.1.lock().unwrap()
    }
}

impl Clock for Sleeping {
    fn now(&self) -> Instant {
        self.0 + self.elapsed()
    }

    fn wall_time(&self) -> std::time::SystemTime {
        std::time::SystemTime::UNIX_EPOCH
    }

    fn sleep(&self, duration: Duration) -> Later<'static, ()> {
        *self.1.lock().unwrap() += duration;
        Box::pin(async {})
    }
}

/// Takes 100 milliseconds to respond, and has nothing to grant before 5 seconds have passed.
struct Slow(Sleeping);

impl Authority for Slow {
    fn grant(&self, _: Wanted) -> Later<'_, Option<Granted>> {
        Box::pin(async {
            self.0.sleep(Duration::from_millis(100)).await;
            let wait = Duration::from_secs(5).saturating_sub(self.0.elapsed());
            Some(match wait {
                Duration::ZERO => Granted::Requests(1, 1),
                wait => Granted::Nothing(wait),
            })
        })
    }

    fn give_back(&self, _: usize, _: Vec<Unused>) -> Later<'_, ()> {
        Box::pin(async {})
    }

    fn place(&self) -> [&str; 2] {
        ["far", "it"]
    }

    fn fallback_share(&self) -> f64 {
        1.0
    }
}

#[tokio::test]
async fn the_wait_that_an_authority_asks_for_begins_with_its_response() {
    let clock = Sleeping(Instant::now(), Arc::default());
    let limiter = Limiter::new(&Pacing::new(), false);
    let authority = Arc::new(Slow(clock.clone()));
    limiter.set(&Pacing::new(), Some(authority), clock.now());
    let acquire = limiter.acquire(&clock, Budget::TenSecondly, false);
    assert!(acquire.await.is_ok_and(|ticket| ticket.is_some()));
    // The wait ends after five seconds, and the second response comes 100 milliseconds later.
    assert_eq!(clock.elapsed(), Duration::from_millis(5_100));
}

/// Polls once.
async fn poll<T>(future: &mut Pin<Box<impl Future<Output = T>>>) -> Option<T> {
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// The measure of the guide: `cargo test --release -p hubspot-generated --lib cost -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "measures time"]
async fn the_cost_of_a_request_that_does_not_wait() {
    let mut pacing = Pacing::new();
    pacing.share = 1.0;
    let limiter = Limiter::new(&pacing, false);
    limiter.with(|state| state.windows[0].set_limit(100_000_000));
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

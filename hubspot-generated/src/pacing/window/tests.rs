//! Windows against a server that counts as HubSpot does.

use std::collections::BinaryHeap;

use super::*;

const LENGTH: Duration = Duration::from_secs(10);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// What happens at a time: a request arrives at the server, or its response at the client.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Request(u64),
    Response(u64, u32),
}

/// A server with a rolling window, and a client that sends whenever its window has a place.
struct Simulation {
    limit: u32,
    start: Instant,
    now: Duration,
    random: fastrand::Rng,
    /// By time, the earliest first.
    events: BinaryHeap<std::cmp::Reverse<(Duration, Event)>>,
    arrivals: VecDeque<Duration>,
    places: Vec<Slot>,
    accepted: Vec<Duration>,
    refused: u32,
}

impl Simulation {
    fn new(limit: u32) -> Self {
        Self {
            limit,
            start: Instant::now(),
            now: Duration::ZERO,
            random: fastrand::Rng::with_seed(7),
            events: BinaryHeap::new(),
            arrivals: VecDeque::new(),
            places: Vec::new(),
            accepted: Vec::new(),
            refused: 0,
        }
    }

    fn later(&mut self, latency: std::ops::Range<u64>, event: Event) {
        let time = self.now + ms(self.random.u64(latency));
        self.events.push(std::cmp::Reverse((time, event)));
    }

    /// Counts a request at the server; returns what is left, or `None` if it is refused.
    fn count(&mut self) -> Option<u32> {
        let now = self.now;
        while self
            .arrivals
            .front()
            .is_some_and(|time| *time + LENGTH <= now)
        {
            self.arrivals.pop_front();
        }
        let used = u32::try_from(self.arrivals.len()).unwrap();
        if used >= self.limit {
            self.refused += 1;
            return None;
        }
        self.arrivals.push_back(now);
        Some(self.limit - used - 1)
    }

    /// Sends as fast as `window` allows for `seconds`. Latencies are in milliseconds, each way; `others` send, too.
    fn run(
        &mut self,
        window: &mut Window,
        seconds: u64,
        latency: std::ops::Range<u64>,
        others: u64,
    ) {
        let mut next_other = Duration::ZERO;
        while self.now < Duration::from_secs(seconds) {
            while let Some(std::cmp::Reverse((time, _))) = self.events.peek() {
                if *time > self.now {
                    break;
                }
                let Some(std::cmp::Reverse((_, event))) = self.events.pop() else {
                    break;
                };
                self.handle(window, &event, latency.clone());
            }
            if others > 0 && self.now >= next_other {
                let refused = self.refused;
                self.count();
                self.refused = refused;
                next_other += ms(1000 / others);
            }
            while let Ok(place) = window.take(self.start + self.now, Turn::default()) {
                self.places.push(place);
                self.later(
                    latency.clone(),
                    Event::Request(self.places.len() as u64 - 1),
                );
            }
            self.now += ms(1);
        }
    }

    fn handle(&mut self, window: &mut Window, event: &Event, latency: std::ops::Range<u64>) {
        match *event {
            Event::Request(n) => {
                let left = self.count();
                if left.is_some() {
                    self.accepted.push(self.now);
                }
                self.later(latency, Event::Response(n, left.unwrap_or(u32::MAX)));
            }
            Event::Response(n, left) => {
                let (place, now) = (
                    self.places[usize::try_from(n).unwrap()],
                    self.start + self.now,
                );
                window.arrived(place, now);
                if left == u32::MAX {
                    window.refused(place, now, None);
                } else {
                    window.correct(place, now, self.limit, left, None);
                }
            }
        }
    }

    /// The number of requests that were accepted in each whole window.
    fn per_window(&self) -> Vec<usize> {
        let windows = self.now.as_secs() / LENGTH.as_secs();
        let count = |n: u64| {
            let of_window = |time: &&Duration| time.as_secs() / LENGTH.as_secs() == n;
            self.accepted.iter().filter(of_window).count()
        };
        (0..windows).map(count).collect()
    }
}

#[test]
fn the_limit_is_used_and_never_exceeded() {
    for limit in [100, 110, 190, 250] {
        for latency in [1..5, 5..50, 20..120, 100..101] {
            let mut simulation = Simulation::new(limit);
            // The limit is not known before the first response.
            let mut window = Window::new(100, LENGTH, 1.0);
            simulation.run(&mut window, 60, latency.clone(), 0);
            assert_eq!(simulation.refused, 0, "{limit} {latency:?}");
            let counts = simulation.per_window();
            let least = limit as usize * 97 / 100;
            let later = &counts[1..];
            assert!(
                later.iter().all(|n| *n >= least),
                "{limit} {latency:?}: {counts:?}"
            );
        }
    }
}

#[test]
fn hiccups_of_the_network_are_rarely_refused() {
    let mut simulation = Simulation::new(190);
    let mut window = Window::new(190, LENGTH, 1.0);
    for minute in 1..=10 {
        simulation.run(&mut window, minute * 60 - 1, 1..5, 0);
        simulation.run(&mut window, minute * 60, 200..600, 0);
    }
    let sent = simulation.places.len();
    assert!(sent > 10 * 6 * 180, "{sent}");
    assert!(
        simulation.refused as usize * 100 <= sent,
        "{}",
        simulation.refused
    );
}

#[test]
fn what_other_programs_use_is_left_to_them() {
    let mut simulation = Simulation::new(190);
    let mut window = Window::new(190, LENGTH, 1.0);
    simulation.run(&mut window, 120, 5..50, 8);
    let counts = simulation.per_window();
    let sent = simulation.places.len();
    assert!(
        simulation.refused as usize * 100 <= sent,
        "{} of {sent}",
        simulation.refused
    );
    // The others get their part back bit by bit.
    assert!(
        counts[6..].iter().all(|n| (90..=125).contains(n)),
        "{counts:?}"
    );
}

#[test]
fn a_share_leaves_the_rest() {
    let mut simulation = Simulation::new(190);
    let mut window = Window::new(190, LENGTH, 0.5);
    simulation.run(&mut window, 40, 5..50, 8);
    let counts = simulation.per_window();
    assert_eq!(simulation.refused, 0);
    assert!(
        counts[1..].iter().all(|n| (90..=95).contains(n)),
        "{counts:?}"
    );
}

/// Takes places until there is none, and returns how many there were.
fn burst(window: &mut Window, now: Instant, turn: Turn) -> usize {
    std::iter::from_fn(|| window.take(now, turn).ok()).count()
}

#[test]
fn a_burst_may_use_all_and_what_follows_is_spaced() {
    let (start, turn) = (Instant::now(), Turn::default());
    let mut window = Window::new(100, LENGTH, 1.0);
    assert_eq!(burst(&mut window, start, turn), 100);
    let free = window.take(start, turn).unwrap_err();
    assert_eq!(free, start + LENGTH * 2);
    assert_eq!(
        burst(&mut window, free, turn),
        3,
        "to make up for a late timer"
    );
    assert_eq!(burst(&mut window, free + ms(100), turn), 1);
    assert_eq!(burst(&mut window, free + ms(1_100), turn), 10);
    // An idle client may burst again.
    let idle = free + Duration::from_secs(30);
    assert!(window.is_idle(idle));
    assert_eq!(burst(&mut window, idle, turn), 100);
    assert!(!window.is_idle(idle));
}

#[test]
fn a_429_pauses_once_for_all_that_were_sent_before() {
    let (start, turn) = (Instant::now(), Turn::default());
    let mut window = Window::new(100, LENGTH, 1.0);
    let places: Vec<Slot> = (0..30).map(|_| window.take(start, turn).unwrap()).collect();
    for place in &places {
        window.refused(*place, start, None);
    }
    let end = start + Duration::from_secs(1);
    assert_eq!(window.take(start, turn).unwrap_err(), end);
    let next = window.take(end, turn).unwrap();
    window.refused(next, end, None);
    assert_eq!(
        window.take(end, turn).unwrap_err(),
        end + Duration::from_secs(2)
    );
    let end = end + Duration::from_secs(2);
    let next = window.take(end, turn).unwrap();
    window.refused(next, end, Some(Duration::from_hours(9)));
    assert_eq!(window.take(end, turn).unwrap_err(), end + MAX_PAUSE);
}

#[test]
fn background_requests_are_spaced_and_give_way() {
    let start = Instant::now();
    let turn = |is_background, is_contended| Turn {
        is_background,
        is_contended,
    };
    let mut window = Window::new(100, LENGTH, 1.0);
    assert_eq!(burst(&mut window, start, turn(true, false)), 3);
    assert_eq!(burst(&mut window, start + ms(500), turn(true, false)), 3);
    // Both wait: nine in the foreground, then one in the background.
    let mut order = String::new();
    let mut now = start + LENGTH * 3;
    for _ in 0..200 {
        for (is_background, letter) in [(true, 'b'), (false, 'f')] {
            if window.take(now, turn(is_background, true)).is_ok() {
                order.push(letter);
            }
        }
        now += ms(100);
    }
    assert!(order.contains("fffffffffbfffffffff"), "{order}");
    assert!(
        !order.contains("bb") && !order.contains("ffffffffff"),
        "{order}"
    );
}

#[test]
fn a_clock_that_goes_back_does_not_block() {
    let early = Instant::now();
    let start = early + Duration::from_hours(2);
    let mut window = Window::new(10, LENGTH, 1.0);
    assert_eq!(burst(&mut window, start, Turn::default()), 10);
    let later = start + LENGTH * 2;
    let place = window.take(later, Turn::default()).unwrap();
    window.refused(place, later, None);
    assert_eq!(burst(&mut window, early, Turn::default()), 10);
}

#[test]
fn a_single_429_does_not_slow_down_what_follows_its_pause() {
    let (start, turn) = (Instant::now(), Turn::default());
    let mut window = Window::new(190, LENGTH, 1.0);
    let place = window.take(start, turn).unwrap();
    window.refused(place, start, None);
    let end = start + Duration::from_secs(1);
    let place = window.take(end, turn).unwrap();
    window.arrived(place, end);
    assert!(
        window.correct(place, end, 190, 188, None),
        "places are free again"
    );
    assert!(window.foreign.len() <= 2);
}

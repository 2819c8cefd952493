//! Measures a large account: memory per record, and the time of lists and searches as it grows.
//!
//! Takes account sizes in ascending order, by default 10,000, 100,000 and 1,000,000 contacts. Prints bytes per contact of
//! 20 properties, the median time of each call for each size, and the ratio of the last size to the first. Linux only: it
//! reads `/proc/self/statm`.
//!
//! `cargo run --release -p hubspot-mock --example fill`

use std::error::Error;
use std::time::{Duration, Instant};

use hubspot_generated::Client;
use hubspot_generated::models::{Filter, FilterGroup, FilterOperator, Search};
use hubspot_mock::{MockAccount, MockHubSpot, Tier};

hubspot_generated::scope_set! {
    struct Reading {
        required: ["crm.objects.contacts.read"],
    }
}

/// Options of a standard enumeration.
const EMPLOYEES: [&str; 4] = ["1-5", "5-25", "25-50", "50-100"];
/// How often each call is made.
const CALLS: usize = 41;
/// Memory pages of Linux on every machine that this runs on.
const PAGE: usize = 4096;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sizes = std::env::args().skip(1).map(|size| size.parse());
    let mut sizes = sizes.collect::<Result<Vec<usize>, _>>()?;
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000, 1_000_000];
    }
    let hubspot = MockHubSpot::start().await?;
    let account = hubspot.account("large");
    account.set_tier(Tier::UNLIMITED);
    let client = account.client::<Reading>();
    let empty = memory()?;
    let mut ids = Vec::new();
    let mut columns = Vec::new();
    for size in sizes {
        let start = Instant::now();
        while ids.len() < size {
            ids.push(fill(&account, ids.len()));
        }
        let bytes = memory()?.saturating_sub(empty) / size.max(1);
        println!(
            "{size} contacts: {bytes} bytes each, filled in {:.1?}",
            start.elapsed()
        );
        columns.push(times(&client, &ids).await?);
    }
    print(&columns);
    Ok(())
}

/// One contact of 20 properties, apart from those that HubSpot computes.
fn fill(account: &MockAccount, number: usize) -> String {
    let text = |prefix: &str| format!("{prefix} {number}");
    let values = [
        ("email", format!("contact{number:07}@example.com")),
        ("firstname", text("First")),
        ("lastname", text("Last")),
        ("salutation", "Dr".to_owned()),
        ("jobtitle", text("Engineer")),
        ("company", text("Company")),
        ("website", format!("https://www.example{number}.com")),
        ("phone", format!("+49 30 {number:07}")),
        ("mobilephone", format!("+49 170 {number:07}")),
        ("fax", format!("+49 31 {number:07}")),
        ("address", text("Street")),
        ("city", text("City")),
        ("state", "Berlin".to_owned()),
        ("zip", format!("{:05}", number % 100_000)),
        ("country", "Germany".to_owned()),
        ("industry", "Chemistry".to_owned()),
        ("annualrevenue", format!("{}", number * 10)),
        (
            "numemployees",
            EMPLOYEES[number % EMPLOYEES.len()].to_owned(),
        ),
        ("lifecyclestage", "customer".to_owned()),
        ("hs_language", "de".to_owned()),
    ];
    account.contact(values.iter().map(|(name, value)| (*name, value.as_str())))
}

/// The searches to measure. Those that begin with `scan` look at every record; the time of the others must not grow with
/// the account.
fn searches(ids: &[String]) -> Vec<(&'static str, Search)> {
    use FilterOperator::{Between, Eq, Gt, In};
    let middle = ids.len() / 2;
    let id = |number: usize| ids.get(number).map_or("", String::as_str);
    let email = |number: usize| format!("contact{number:07}@example.com");
    let by = |filter: Filter| Search::new().filter_groups([FilterGroup::new([filter])]);
    let sorted = |search: Search, sort: &str| search.sorts([sort.to_owned()]);
    let after_middle = Filter::new(Gt, "hs_object_id").value(id(middle));
    let fifty = Filter::new(Between, "hs_object_id")
        .value(id(middle))
        .high_value(id(middle + 49));
    let emails = [email(1), email(middle), email(ids.len() - 1)];
    let first_name = Filter::new(Eq, "firstname").value(format!("First {middle}"));
    vec![
        ("no filter", Search::new()),
        ("id GT, by id", sorted(by(after_middle), "hs_object_id")),
        (
            "id EQ",
            by(Filter::new(Eq, "hs_object_id").value(id(middle))),
        ),
        ("id BETWEEN, 50 of them", by(fifty)),
        (
            "email EQ",
            by(Filter::new(Eq, "email").value(email(middle))),
        ),
        (
            "email IN, 3 of them",
            by(Filter::new(In, "email").values(emails)),
        ),
        ("scan: firstname EQ", by(first_name)),
        (
            "scan: latest created first",
            sorted(Search::new(), "-createdate"),
        ),
    ]
}

/// The median time of each call.
async fn times(
    client: &Client<Reading>,
    ids: &[String],
) -> Result<Vec<(&'static str, Duration)>, Box<dyn Error>> {
    let middle = ids.get(ids.len() / 2).map_or("", String::as_str);
    let mut medians = Vec::new();
    for (name, after) in [
        ("list, first page", "0"),
        ("list, a page in the middle", middle),
    ] {
        let mut times = Vec::new();
        for _ in 0..CALLS {
            let start = Instant::now();
            client
                .contacts()
                .list()
                .after(after)
                .limit(100)
                .send()
                .await?;
            times.push(start.elapsed());
        }
        medians.push((name, median(times)));
    }
    for (name, search) in searches(ids) {
        let mut times = Vec::new();
        for _ in 0..CALLS {
            let start = Instant::now();
            client.contacts().search(search.clone()).await?;
            times.push(start.elapsed());
        }
        medians.push((name, median(times)));
    }
    Ok(medians)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn print(columns: &[Vec<(&'static str, Duration)>]) {
    let (Some(first), Some(last)) = (columns.first(), columns.last()) else {
        return;
    };
    for (row, (name, smallest)) in first.iter().enumerate() {
        let times = columns.iter().filter_map(|column| column.get(row));
        let times = times.map(|(_, time)| format!("{:>8} us", time.as_micros()));
        let largest = last.get(row).map_or(Duration::ZERO, |(_, time)| *time);
        let ratio = largest.as_secs_f64() / smallest.as_secs_f64().max(f64::MIN_POSITIVE);
        println!("{name:<46}{}{ratio:>8.2}", times.collect::<String>());
    }
}

/// Bytes of this process in memory.
fn memory() -> Result<usize, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/statm")?;
    let pages = text
        .split(' ')
        .nth(1)
        .ok_or("statm tells no resident pages")?;
    Ok(pages.parse::<usize>()? * PAGE)
}

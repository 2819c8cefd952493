//! Decodes 100 records with 20 typed properties, and the same values with serde from flat JSON objects of the right types.
//! Prints the nanoseconds of each.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use hubspot_generated::{ReadBody, Record, RecordPage};
use serde::Deserialize;

macro_rules! lead {
    ($($field:ident: $type:ty, $value:expr;)*) => {
        #[derive(Deserialize, PartialEq, Record)]
        #[hubspot(object = "contacts")]
        struct Lead {
            $($field: Option<$type>,)*
        }

        /// The values of a record: name, text, and whether it is text in flat JSON too.
        fn values(number: usize) -> Vec<(&'static str, String, bool)> {
            vec![$((stringify!($field), $value(number), stringify!($type) == "String")),*]
        }
    };
}

fn text(number: usize) -> String {
    format!("A value of record {number}")
}

fn whole(number: usize) -> String {
    (number * 37).to_string()
}

fn fraction(number: usize) -> String {
    format!("{number}.25")
}

fn flag(number: usize) -> String {
    (number % 2 == 0).to_string()
}

lead! {
    address: String, text;
    amount: f64, fraction;
    city: String, text;
    company: String, text;
    country: String, text;
    email: String, text;
    employees: i64, whole;
    firstname: String, text;
    is_customer: bool, flag;
    is_partner: bool, flag;
    lastname: String, text;
    newsletter: bool, flag;
    orders: i64, whole;
    phone: String, text;
    rating: f64, fraction;
    revenue: f64, fraction;
    score: i64, whole;
    state: String, text;
    visits: i64, whole;
    zip: String, text;
}

/// The bodies: one as HubSpot sends it, and one with flat objects.
fn bodies() -> [String; 2] {
    let (mut records, mut flat) = (Vec::new(), Vec::new());
    for number in 0..100 {
        let (mut properties, mut fields) = (String::new(), String::new());
        for (name, value, is_text) in values(number) {
            let comma = if properties.is_empty() { "" } else { "," };
            write!(properties, r#"{comma}"{name}":"{value}""#).unwrap();
            let quote = if is_text { "\"" } else { "" };
            write!(fields, r#"{comma}"{name}":{quote}{value}{quote}"#).unwrap();
        }
        records.push(format!(
            r#"{{"id":"{number}","properties":{{{properties}}},"createdAt":"2026-09-08T12:34:56.789Z","updatedAt":"2026-09-08T12:34:56.789Z","archived":false}}"#
        ));
        flat.push(format!("{{{fields}}}"));
    }
    [
        format!(r#"{{"results":[{}]}}"#, records.join(",")),
        format!("[{}]", flat.join(",")),
    ]
}

fn ours(body: &[u8]) -> Vec<Lead> {
    let page = RecordPage::<Lead>::read_body(body).unwrap();
    page.results.into_iter().map(Result::unwrap).collect()
}

fn serdes(body: &[u8]) -> Vec<Lead> {
    serde_json::from_slice(body).unwrap()
}

/// The nanoseconds of one of many runs.
fn time(run: fn(&[u8]) -> Vec<Lead>, body: &[u8]) -> f64 {
    const RUNS: u32 = 200;
    let begin = Instant::now();
    for _ in 0..RUNS {
        black_box(run(black_box(body)));
    }
    begin.elapsed().as_secs_f64() * 1e9 / f64::from(RUNS)
}

fn main() {
    let [records, flat] = bodies();
    assert!(ours(records.as_bytes()) == serdes(flat.as_bytes()));
    for _ in 0..51 {
        println!("record\t{}", time(ours, records.as_bytes()));
        println!("serde\t{}", time(serdes, flat.as_bytes()));
    }
}

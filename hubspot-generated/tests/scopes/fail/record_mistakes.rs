//! Structs that are no records, and enums that are no options.

use hubspot_generated::{PropertyEnum, Record, RecordId};

#[derive(Record)]
struct NoObject {
    id: RecordId,
}

#[derive(Record)]
#[hubspot(object = "contact")]
struct UnknownObject {
    id: RecordId,
}

#[derive(Record)]
#[hubspot(object = "contacts", table = "contacts")]
struct UnknownKey {
    id: RecordId,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct UnknownFieldKey {
    #[hubspot(rename = "email")]
    mail: String,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct Twice {
    email: String,
    #[hubspot(name = "email")]
    mail: Option<String>,
    id: RecordId,
    #[hubspot(id)]
    other: RecordId,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct SameConstant {
    first_name: String,
    #[hubspot(name = "firstname")]
    First_Name: String,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct Lists {
    interests: Vec<String>,
    #[hubspot(multi)]
    email: String,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct BadName {
    #[hubspot(name = "first name")]
    first: String,
    #[hubspot(name = "")]
    last: String,
}

#[derive(Record)]
#[hubspot(object = "products")]
struct NotSensitive {
    #[hubspot(sensitive)]
    price: f64,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct Parameters<T> {
    email: T,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct Unnamed(String);

#[derive(PropertyEnum)]
enum Closed {
    Small,
    Large,
}

#[derive(PropertyEnum)]
enum Same {
    Small,
    #[hubspot(name = "small")]
    Tiny,
    Other(String),
}

#[derive(PropertyEnum)]
enum Values {
    #[hubspot(name = "")]
    Empty,
    #[hubspot(name = "a;b")]
    Two,
    #[hubspot(label = "Large")]
    Large,
    Sized { size: u8 },
    Other(String),
}

#[derive(PropertyEnum)]
#[hubspot(rename_all = "Title Case")]
enum Spelled {
    Other(String),
}

#[derive(PropertyEnum)]
#[hubspot(rename_all = "lowercase", rename_all = "UPPERCASE")]
enum TwoRules {
    Other(String),
}

#[derive(PropertyEnum)]
enum TwoNames {
    #[hubspot(name = "a")]
    #[hubspot(name = "b")]
    Option,
    Other(String),
}

#[derive(Record)]
#[hubspot(object = "contacts", object = "companies")]
struct TwoObjects {
    id: RecordId,
}

#[derive(Record)]
#[hubspot(object = "contacts")]
struct TwoKeys {
    #[hubspot(name = "mail", name = "email")]
    email: String,
    #[hubspot(read_only, read_only)]
    score: i64,
}

fn main() {}

//! Fields that could be the record's id or a property, and keys that say two things.

use hubspot_generated::{PropertyEnum, Record, RecordId};

type Id = RecordId;

#[derive(Record)]
#[hubspot(object = "companies")]
struct OfAnother {
    name: Option<String>,
    associatedcompanyid: RecordId,
}

#[derive(Record)]
#[hubspot(object = "companies")]
struct Optional {
    id: Option<RecordId>,
}

#[derive(Record)]
#[hubspot(object = "companies")]
struct Alias {
    id: Id,
}

#[derive(Record)]
#[hubspot(object = "companies")]
struct Both {
    #[hubspot(id, name = "number")]
    record: RecordId,
}

#[derive(Record)]
#[hubspot(object = "companies")]
struct List {
    tags: Option<Vec<String>>,
}

#[derive(PropertyEnum)]
enum Stage {
    Lead,
    #[hubspot(name = "other")]
    Other(String),
}

fn main() {}

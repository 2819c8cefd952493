//! Filters and patches that make no sense: a property that does not exist, an operator that its type does not have, a value
//! of another type, the property of another record.

use hubspot_generated::{PropertyEnum, Record, RecordId};

#[derive(Record)]
#[hubspot(object = "contacts")]
struct Lead {
    id: RecordId,
    email: Option<String>,
    employees: Option<i64>,
    stage: Option<Stage>,
    #[hubspot(read_only)]
    score: Option<i64>,
    owner: Option<std::time::Duration>,
}

#[derive(PropertyEnum)]
enum Stage {
    Customer,
    Other(String),
}

#[derive(PropertyEnum)]
enum Numbered {
    Customer,
    Other(u32),
}

#[derive(Record)]
#[hubspot(object = "companies")]
struct Company {
    id: RecordId,
    name: Option<String>,
}

fn filters() {
    let _ = Lead::EMPLOYES.gte(10);
    let _ = Lead::STAGE.gte(Stage::Customer);
    let _ = Lead::EMPLOYEES.contains_word("10");
    let _ = Lead::EMPLOYEES.gte("10");
    let _ = Lead::STAGE.eq("customer");
    let _ = Lead::EMAIL.eq(None);
    let _ = Lead::EMPLOYEES.gte(10).and(Company::NAME.has_value());
}

fn patches(lead: &Lead) {
    let _ = lead.patch().employees("10");
    let _ = lead.patch().score(10);
    let _ = lead.patch().clear(Company::NAME);
}

fn main() {}

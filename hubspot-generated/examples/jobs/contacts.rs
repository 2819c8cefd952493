//! Contacts from CSV files: who opts out or is deleted, and who registers for an event and attends it.

use hubspot_generated::{BatchError, Client, Error, PropertyEnum, Record, RecordId};

use crate::JobScopes;

#[derive(Debug, Record)]
#[hubspot(object = "contacts")]
pub(crate) struct Person {
    pub(crate) id: RecordId,
    pub(crate) email: String,
    pub(crate) newsletter: Option<bool>,
    pub(crate) event: Option<Attendance>,
}

#[derive(Debug, PartialEq, PropertyEnum)]
pub(crate) enum Attendance {
    Registered,
    Attended,
    Other(String),
}

/// Rows of email and action: `optout`, or `delete`. Returns the rows that nothing was done for.
pub(crate) async fn opt_out<'a>(
    hubspot: &Client<JobScopes>,
    csv: &'a str,
) -> Result<Vec<&'a str>, Error> {
    let people = hubspot.records::<Person>();
    let mut skipped = Vec::new();
    for row in csv.lines().skip(1) {
        let Some((email, action)) = row.split_once(',') else {
            skipped.push(row);
            continue;
        };
        match people.get_by(Person::EMAIL, email).await {
            Ok(person) if action == "optout" => {
                people
                    .update(person.id, person.patch().newsletter(false))
                    .await?;
            }
            Ok(person) if action == "delete" => people.archive(person.id).await?,
            Ok(_) => skipped.push(row),
            Err(error) if error.is_not_found() => skipped.push(row),
            Err(error) => return Err(error),
        }
    }
    Ok(skipped)
}

/// Emails that register for an event, and emails that attend it, a row each. Returns how many have attended, and why others
/// could not be recorded.
pub(crate) async fn attend(
    hubspot: &Client<JobScopes>,
    registered: &str,
    attended: &str,
) -> Result<(usize, Vec<BatchError>), Error> {
    let people = hubspot.records::<Person>();
    let rows = |csv: &str, event: fn() -> Attendance| {
        let rows = csv.lines().skip(1);
        let patches = rows.map(|email| PersonPatch::new().email(email).event(event()));
        patches.collect::<Vec<_>>()
    };
    let new = rows(registered, || Attendance::Registered);
    people.batch_create(new).await?;
    let seen = rows(attended, || Attendance::Attended);
    let seen = people.batch_upsert(Person::EMAIL, seen).await?;
    Ok((seen.results.len(), seen.errors))
}

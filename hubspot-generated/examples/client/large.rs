//! A large account, read and written as a whole, by programs of their own so that their memory can be measured.

use hubspot_generated::bulk;
use hubspot_generated::models::BatchUpsertInput;
use hubspot_generated::{Client, Pacing, Unchecked};
use hubspot_mock::{MockHubSpot, Tier};

use crate::{Outcome, tell};

/// The address of a contact of the account.
fn email(number: usize) -> String {
    format!("contact{number:07}@example.com")
}

/// Serves an account with so many contacts until the process ends. Prints the base URL and a token.
pub(crate) async fn serve(contacts: usize) -> Outcome {
    let hubspot = MockHubSpot::builder().tier(Tier::UNLIMITED).start().await?;
    let account = hubspot.account("large");
    let token = account.grant(MockHubSpot::every_scope());
    for number in 0..contacts {
        let email = email(number);
        account.contact([("email", email.as_str()), ("firstname", "Ada")]);
    }
    println!("{} {token}", hubspot.url());
    std::future::pending().await
}

fn client([url, token]: [&str; 2]) -> Outcome<Client<Unchecked>> {
    let builder = Client::unchecked_builder().base_url(url);
    let builder = builder.access_token(token);
    Ok(builder.pacing(Pacing::none()).build()?)
}

/// Reads all contacts, which are so many.
pub(crate) async fn export(account: [&str; 2], contacts: usize) -> Outcome {
    let client = client(account)?;
    let list = client.contacts().list().limit(100);
    let list = list.properties(["email", "firstname", "lastname"]);
    let mut all = list.all().prefetch(true);
    let mut read = 0;
    while all.try_next().await?.is_some() {
        read += 1;
    }
    require(read, contacts)?;
    tell_peak()
}

/// Upserts so many contacts.
pub(crate) async fn import(account: [&str; 2], contacts: usize) -> Outcome {
    let client = client(account)?;
    let inputs = (0..contacts).map(|number| {
        let values = [("firstname", number.to_string())];
        BatchUpsertInput::new(email(number), "email", values)
    });
    let upsert = bulk::upsert(|batch| client.contacts().batch_upsert(batch));
    let report = upsert.inputs(inputs).run().await;
    require(usize::try_from(report.progress.done)?, contacts)?;
    tell_peak()
}

fn require(found: usize, wanted: usize) -> Outcome {
    if found == wanted {
        return Ok(());
    }
    Err(format!("{found} of {wanted} contacts").into())
}

/// Tells the most memory that this program has had, where the system is Linux.
fn tell_peak() -> Outcome {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return Ok(());
    };
    let mut lines = status.lines();
    let peak = lines.find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
    let peak: f64 = peak
        .ok_or("the peak of memory is not known")?
        .trim()
        .parse()?;
    tell("peak of memory", peak * 1024.0);
    Ok(())
}

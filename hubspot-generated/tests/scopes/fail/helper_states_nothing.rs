//! Generic functions without the attribute: the messages name it.

use hubspot_generated::{Client, Error, scope_set};

async fn one_scope<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?;
    Ok(())
}

async fn any_of_several<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.line_items().list().send().await?;
    Ok(())
}

struct Job<T> {
    hubspot: Client<T>,
}

impl<T> Job<T> {
    fn run(&self) {
        let _ = self.hubspot.contacts().archive("1");
    }
}

scope_set! {
    struct Reader {
        required: ["crm.objects.contacts.read"],
    }
}

fn in_a_closure(hubspot: Client<Reader>) -> impl Fn() {
    move || {
        let _ = hubspot.contacts().archive("1");
    }
}

fn main() {}

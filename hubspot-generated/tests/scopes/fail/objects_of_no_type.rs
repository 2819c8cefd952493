//! Operations on what is no object type, or not known to be one.

use hubspot_generated::Client;

struct Car;

fn of_a_struct<S>(hubspot: &Client<S>) {
    let _ = hubspot.objects_of::<Car>();
}

fn of_any<T, S>(hubspot: &Client<S>) {
    let _ = hubspot.objects_of::<T>();
}

fn main() {}

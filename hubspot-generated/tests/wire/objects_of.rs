//! The generic handle for object types that are known at compile time.

use hubspot_generated::models::{Search, UpdateObject};
use hubspot_generated::{Client, Custom, CustomObject, Error, Readable, Writable, object_types};

use crate::server::{Received, Server, ok, record};

struct Car;

impl CustomObject for Car {
    const NAME: &'static str = "p1_car";
}

/// Sends one request of each kind for an object type that the function does not know.
async fn one_of_each<T: Readable<S> + Writable<S>, S>(hubspot: &Client<S>) -> Result<(), Error> {
    let records = hubspot.objects_of::<T>();
    records.list().limit(5).send().await?;
    records.get("7").id_property("number").send().await?;
    records.clone().search(Search::new()).send().await?;
    records
        .update("7", UpdateObject::new([("a", "b")]))
        .send()
        .await?;
    records.archive("7").send().await
}

#[tokio::test]
async fn generic_code_calls_the_operations_of_each_object_type() {
    let page = || ok(r#"{"results": []}"#);
    let contact = || ok(&record("7").to_string());
    let script = || [page(), contact(), page(), contact(), ok("")];
    let server = Server::start(script().into_iter().chain(script())).await;
    one_of_each::<object_types::LineItems, _>(&server.client())
        .await
        .unwrap();
    one_of_each::<Custom<Car>, _>(&server.client())
        .await
        .unwrap();

    let received = server.received();
    let received: Vec<_> = received.iter().map(Received::line).collect();
    let of = |name: &str| {
        let base = format!("/crm/objects/2026-09/{name}");
        [
            format!("GET {base}?limit=5 HTTP/1.1"),
            format!("GET {base}/7?idProperty=number HTTP/1.1"),
            format!("POST {base}/search HTTP/1.1"),
            format!("PATCH {base}/7 HTTP/1.1"),
            format!("DELETE {base}/7 HTTP/1.1"),
        ]
    };
    assert_eq!(received, [of("line_items"), of("p1_car")].concat());
    let shown = format!("{:?}", server.client().objects_of::<Custom<Car>>());
    assert!(shown.contains(r#"object_type: "p1_car""#), "{shown}");
}
